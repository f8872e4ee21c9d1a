//! Numbers of acts, however written: an act is found by the number that it bears.
#![no_main]

use guetteur_acts::{act_keys, reference_key};
use guetteur_model::{Act, ActReference, Change, PageSpan};

libfuzzer_sys::fuzz_target!(|number: &str| {
    let reference = ActReference {
        change: Change::Modifies,
        kind: "arrêté".to_owned(),
        number: Some(number.to_owned()),
        signed_on: None,
    };
    let act = Act {
        number: Some(number.to_owned()),
        own_number: None,
        title: String::new(),
        title_raw: String::new(),
        title_span: None,
        kind: None,
        service: None,
        signed_on: None,
        signed_by: None,
        capacity: None,
        pages: PageSpan { from: 1, to: 1 },
        text: Vec::new(),
        confidence: 1.0,
    };
    if let Some(key) = reference_key(&reference) {
        assert!(act_keys(&act).contains(&key));
    }
});
