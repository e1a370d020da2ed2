//! Whatever bytes are read as SARIF, nothing objects to what repairing makes of them, and merging knows no order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scanall_sarif::{Effect, Input, Profile, check, fix, merge, parse, split};

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let profile = Profile::ALL[usize::from(*first) % Profile::ALL.len()];
    // Two logs at most, so that there is something to merge.
    let mut parts = bytes.splitn(2, |byte| *byte == 0x1e);
    let inputs: Vec<Input> = parts.by_ref().filter_map(|part| parse("x", part).ok()).collect();
    for input in &inputs {
        let _ = check(std::slice::from_ref(input), profile, None);
        let (fixed, _) = fix(input.clone(), profile, None);
        let defects = check(std::slice::from_ref(&fixed), profile, None);
        assert!(defects.iter().all(|defect| defect.effect == Effect::Degraded), "{defects:?}");
        let (again, _) = fix(fixed.clone(), profile, None);
        assert_eq!(again.log, fixed.log, "what is fixed stays");
    }
    let reversed = inputs.iter().rev().cloned().collect();
    let (one, said) = merge(inputs, profile, None);
    let (other, told) = merge(reversed, profile, None);
    assert_eq!((one.to_string(), said), (other.to_string(), told), "the order of the inputs changes nothing");
    assert!(split(one, profile).is_ok(), "what is merged can be divided");
});
