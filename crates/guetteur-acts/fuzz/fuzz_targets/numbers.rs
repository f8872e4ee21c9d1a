//! Numbers of acts, however written: an act is found by the number that it bears.
#![no_main]

use guetteur_acts::{act_keys, reference_key};
use guetteur_model::{Act, ActReference, Change};

libfuzzer_sys::fuzz_target!(|number: &str| {
    let reference = ActReference {
        change: Change::Modifies,
        kind: "arrêté".to_owned(),
        number: Some(number.to_owned()),
        signed_on: None,
    };
    let act = Act { number: Some(number.to_owned()), ..Act::of_title("") };
    if let Some(key) = reference_key(&reference) {
        assert!(act_keys(&act).contains(&key));
    }
});
