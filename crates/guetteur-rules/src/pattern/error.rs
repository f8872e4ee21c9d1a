//! What is wrong with a pattern, where, and what to write instead.

use std::fmt;

/// A pattern that cannot be used. Its text is French: the person who wrote the pattern reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// Characters of the pattern, or of the list, that stand before the place.
    pub(crate) at: usize,
    /// Name of the list of `[words]` in which the place is; none: in the pattern itself.
    pub(crate) list: Option<String>,
    pub(crate) mistake: Mistake,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mistake {
    UnclosedGroup,
    StrayParenthesis,
    UnclosedClass,
    EmptyClass,
    BackwardRange(char, char),
    BadRange,
    StrayClosing(char),
    UnclosedBrace,
    BadBrace(String),
    UnknownList(String),
    CircularList(String),
    GapInGroup,
    GapInList,
    LookAround(String),
    UnknownEscape(char),
    LoneBackslash,
    NothingToRepeat(String),
    BadArticle,
    /// Written, and what stands for it in folded text.
    NeverFolded(char, String),
    Vanishes(char),
    NotInClass(char),
    EdgeInsideWord,
    StartInside,
    EndInside,
    Empty,
    TooDeep,
    TooLarge,
    Refused(String),
}

impl Mistake {
    pub(super) fn at(self, at: usize) -> PatternError {
        PatternError { at, list: None, mistake: self }
    }
}

impl PatternError {
    /// Column of the mistake in the pattern as it was given, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.at + 1
    }
}

impl std::error::Error for PatternError {}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.mistake.fmt(f)
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnclosedGroup => {
                f.write_str("la parenthèse ouverte ici n'est pas fermée : ajoutez « ) », ou écrivez « \\( » pour le signe lui-même")
            }
            Self::StrayParenthesis => {
                f.write_str("cette parenthèse ferme un groupe que rien n'ouvre : retirez-la, ou écrivez « \\) » pour le signe lui-même")
            }
            Self::UnclosedClass => {
                f.write_str("le crochet ouvert ici n'est pas fermé : ajoutez « ] », ou écrivez « \\[ » pour le signe lui-même")
            }
            Self::EmptyClass => {
                f.write_str("ces crochets sont vides : mettez-y au moins un signe, ou retirez-les")
            }
            Self::BackwardRange(from, to) => {
                write!(f, "« {from}-{to} » va à rebours : écrivez « {to}-{from} », ou « \\- » pour le trait d'union")
            }
            Self::BadRange => {
                f.write_str("un intervalle va d'un signe à un autre, comme « a-z » : écrivez « \\- » pour le trait d'union")
            }
            Self::StrayClosing(sign) => {
                write!(f, "« {sign} » ne ferme rien : retirez-le, ou écrivez « \\{sign} » pour le signe lui-même")
            }
            Self::UnclosedBrace => {
                f.write_str("l'accolade ouverte ici n'est pas fermée : ajoutez « } », ou écrivez « \\{ » pour le signe lui-même")
            }
            Self::BadBrace(inside) => {
                write!(f, "« {{{inside}}} » n'est ni un nombre de fois ({{2}}, {{1,4}}, {{3,}}) ni le nom d'une liste de [words] (des lettres d'abord) : corrigez ce qui est entre les accolades")
            }
            Self::UnknownList(name) => {
                write!(f, "aucune liste « {name} » sous [words] : ajoutez-la, ou corrigez le nom entre accolades")
            }
            Self::CircularList(name) => {
                write!(f, "la liste « {name} » se contient elle-même : écrivez ses mots ici, sans {{{name}}}")
            }
            Self::GapInGroup => {
                f.write_str("« … » est entre parenthèses : mettez-le au-dehors, ou écrivez deux motifs")
            }
            Self::GapInList => {
                f.write_str("une liste de [words] ne peut pas contenir « … » : écrivez-le dans le motif, entre deux listes")
            }
            Self::LookAround(written) => {
                write!(f, "« {written} » n'existe pas ici (on ne regarde ni devant ni derrière) : pour un groupe, écrivez « (?: », pour une exception, la liste « unless »")
            }
            Self::UnknownEscape(sign) => {
                write!(f, "« \\{sign} » ne veut rien dire ici : écrivez le signe sans « \\ » ; seuls \\w, \\W, \\d, \\D, \\s, \\S, \\b et les signes de ponctuation se notent ainsi")
            }
            Self::LoneBackslash => {
                f.write_str("le motif finit par « \\ » : retirez-le, ou doublez-le pour le signe lui-même")
            }
            Self::NothingToRepeat(sign) => {
                write!(f, "« {sign} » ne suit rien qui se répète : mettez-le après une lettre, un groupe ou des crochets, ou écrivez « \\ » devant pour le signe lui-même")
            }
            Self::BadArticle => {
                f.write_str("« § » attend un article de code : une lettre et un numéro, comme §L242-5 ou §L242")
            }
            Self::NeverFolded(written, folded) => {
                write!(f, "« {written} » ne sera jamais trouvé : le texte est lu en minuscules et sans accents ; écrivez « {folded} »")
            }
            Self::Vanishes(written) => {
                write!(f, "le signe U+{:04X} ne sera jamais trouvé : il est ôté du texte avant la lecture ; retirez-le", u32::from(*written))
            }
            Self::NotInClass(sign) => {
                write!(f, "« {sign} » ne peut pas être entre crochets : écrivez par exemple (?:{sign}|[a-z])")
            }
            Self::EdgeInsideWord => {
                f.write_str("« _ » est le bord d'un mot et ne se trouve jamais entre deux lettres : écrivez un espace, ou « \\_ » pour le signe lui-même")
            }
            Self::StartInside => {
                f.write_str("« ^ » est le début du texte, rien ne peut le précéder : mettez-le en tête du motif, ou écrivez « \\^ » pour le signe lui-même")
            }
            Self::EndInside => {
                f.write_str("« $ » est la fin du texte, rien ne peut le suivre : mettez-le au bout du motif, ou écrivez « \\$ » pour le signe lui-même")
            }
            Self::Empty => {
                f.write_str("cette partie se trouve dans n'importe quel texte, même vide : rendez au moins un mot obligatoire")
            }
            Self::TooDeep => {
                f.write_str("trop de parenthèses les unes dans les autres : écrivez plusieurs motifs plus simples")
            }
            Self::TooLarge => {
                f.write_str("le motif est trop grand une fois développé : écrivez plusieurs motifs, ou répétez moins de fois")
            }
            Self::Refused(why) => write!(f, "le motif ne se laisse pas lire ({why}) : écrivez-le plus simplement"),
        }
    }
}
