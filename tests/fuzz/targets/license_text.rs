//! Whatever a license text or name is: it is read, what is told is in order and in the text, and expressions are what
//! they are written as.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scanall::license::{Expression, normalize, text};

fuzz_target!(|data: &[u8]| {
    let said = String::from_utf8_lossy(data);
    let mut last = 0;
    for one in text::identify(&said) {
        assert!(said.get(one.bytes.clone()).is_some() && last <= one.bytes.start, "{one:?}");
        assert!((text::THRESHOLD..=1.0).contains(&one.confidence) && one.lines.start() <= one.lines.end());
        last = one.bytes.start;
    }
    let _ = text::resembles(&said);
    let written = normalize(&said).expression.to_string();
    assert!(Expression::parse(&written).is_ok(), "{written}");
    if let Ok(expression) = Expression::parse(&said) {
        let written = expression.to_string();
        assert_eq!(Expression::parse(&written).map(|again| again.to_string()), Ok(written));
    }
});
