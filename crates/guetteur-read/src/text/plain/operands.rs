//! The operands of an instruction; whatever they should not be makes the page no plain one.

use hayro_syntax::content::Instruction;
use hayro_syntax::object::{Name, Object, String as PdfString};

use super::NotPlain;

/// The one operand.
pub(super) fn only<'b, 'a>(at: &Instruction<'b, 'a>) -> Option<&'b Object<'a>> {
    let mut operands = at.operands();
    operands.next().filter(|_| operands.next().is_none())
}

pub(super) fn string<'b, 'a>(at: &Instruction<'b, 'a>) -> Result<&'b PdfString<'a>, NotPlain> {
    match only(at) {
        Some(Object::String(text)) => Ok(text),
        _ => Err(NotPlain),
    }
}

pub(super) fn name<'b, 'a>(at: &Instruction<'b, 'a>) -> Result<&'b Name<'a>, NotPlain> {
    match only(at) {
        Some(Object::Name(name)) => Ok(name),
        _ => Err(NotPlain),
    }
}

/// All operands, if they are so many numbers.
pub(super) fn numbers<const N: usize>(at: &Instruction<'_, '_>) -> Result<[f64; N], NotPlain> {
    let mut operands = at.operands();
    let mut numbers = [0.0; N];
    for number in &mut numbers {
        let Some(Object::Number(operand)) = operands.next() else { return Err(NotPlain) };
        *number = operand.as_f64();
    }
    if operands.next().is_none() { Ok(numbers) } else { Err(NotPlain) }
}
