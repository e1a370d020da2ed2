use super::*;

fn ids(text: &str) -> Vec<(String, Kind)> {
    identify(text).into_iter().map(|one| (one.id.into_owned(), one.kind)).collect()
}

const MIT: &str = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and \
associated documentation files (the \"Software\"), to deal in the Software without restriction, including without \
limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, \
and to permit persons to whom the Software is furnished to do so, subject to the following conditions:\n\nThe above \
copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.\n\n\
THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE \
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR \
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR \
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.\n";

const ISC: &str = "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is \
hereby granted, provided that the above copyright notice and this permission notice appear in all copies.\n\nTHE SOFTWARE \
IS PROVIDED \"AS IS\" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES \
OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL \
DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE \
OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.\n";

/// Breaks lines as an editor would, with a mark before each.
fn wrapped(text: &str, mark: &str) -> String {
    let mut out = String::from(mark);
    let mut width = 0;
    for word in text.split_whitespace() {
        if width + word.len() > 70 {
            out.push('\n');
            out.push_str(mark);
            width = 0;
        }
        out.push_str(word);
        out.push(' ');
        width += word.len() + 1;
    }
    out
}

#[test]
fn every_license_of_the_list_has_a_text() {
    let known: std::collections::HashSet<&str> = ids_of_store();
    let lacking: Vec<&str> = crate::license::id::licenses().filter(|id| !known.contains(id)).collect();
    // Deprecated without a text of their own.
    assert_eq!(
        lacking,
        [
            "GFDL-1.1-invariants",
            "GFDL-1.1-no-invariants",
            "GFDL-1.2-invariants",
            "GFDL-1.2-no-invariants",
            "GFDL-1.3-invariants",
            "GFDL-1.3-no-invariants"
        ]
    );
    let lacking: Vec<&str> = crate::license::id::exceptions().filter(|id| !known.contains(id)).collect();
    assert_eq!(lacking, Vec::<&str>::new());
}

fn ids_of_store() -> std::collections::HashSet<&'static str> {
    super::ids().map(|(id, _)| id).collect()
}

#[test]
fn a_text_is_told_whatever_it_is_wrapped_in() {
    for mark in ["", "// ", " * ", "# ", ";; ", "> "] {
        let text = wrapped(&format!("The MIT License (MIT)\n\nCopyright (c) 2020 Somebody\n\n{MIT}"), mark);
        assert_eq!(ids(&text), [("MIT".to_owned(), Kind::License)], "{mark:?}");
    }
    assert_eq!(ids(&MIT.to_uppercase())[0].0, "MIT");
    assert_eq!(ids(&MIT.replace('"', "''").replace("noninfringement", "non-infringement"))[0].0, "MIT");
}

#[test]
fn several_texts_of_one_file_are_told_with_their_places() {
    let text =
        format!("A project\n\nCopyright 2001 A\n\n{MIT}\n---\nSome parts:\n\nCopyright 2002 B\n\n{ISC}\n---\n{MIT}");
    let found = identify(&text);
    assert_eq!(found.iter().map(|one| one.id.as_ref()).collect::<Vec<_>>(), ["MIT", "ISC", "MIT"]);
    assert!(
        text[found[1].bytes.clone()].ends_with("USE OR PERFORMANCE OF THIS SOFTWARE"),
        "{}",
        &text[found[1].bytes.clone()]
    );
    // With the notice above it.
    assert_eq!(*found[0].lines.start(), 3);
    assert!(found.windows(2).all(|pair| pair[0].bytes.end <= pair[1].bytes.start));
}

#[test]
fn a_text_that_says_something_else_is_not_told() {
    for changed in [
        MIT.replace("to deal in", "for noncommercial purposes, to deal in"),
        MIT.replace("free of charge", "for a fee, except to military users"),
        MIT.replace("The above", "The Software must not be used in a nuclear facility. The above"),
        MIT.split_once("THE SOFTWARE IS").unwrap().0.to_owned(),
        ISC.replace("with or without fee is hereby granted", "is not granted"),
        ISC.replace("appear in all copies.", "appear in all copies, and that everybody who uses it sends a postcard with a picture of their town and a page about their work to the author within thirty days."),
    ] {
        let texts: Vec<_> = ids(&changed).into_iter().filter(|(id, _)| id == "MIT" || id == "ISC").collect();
        assert!(texts.is_empty(), "{texts:?} {changed}");
    }
}

#[test]
fn small_changes_are_fine() {
    let text = MIT.replace("the Software", "this Library").replacen("this Library", "the Software", 20);
    assert_eq!(ids(&text)[0].0, "MIT");
    let holder = ISC
        .replace("THE AUTHOR DISCLAIMS", "EXAMPLE CORPORATION DISCLAIMS")
        .replace("THE AUTHOR BE", "EXAMPLE CORPORATION BE");
    assert_eq!(ids(&holder)[0].0, "ISC");
}

#[test]
fn notices_say_what_may_be_chosen() {
    let notice = |family: &str, version: &str| {
        format!(
            "This program is free software; you can redistribute it and/or modify it under the terms of the {family} as \
             published by the Free Software Foundation; {version}.\n\nThis program is distributed in the hope that it will \
             be useful, but WITHOUT ANY WARRANTY; without even the implied warranty of MERCHANTABILITY or FITNESS FOR A \
             PARTICULAR PURPOSE. See the {family} for more details."
        )
    };
    for (family, version, id) in [
        (
            "GNU General Public License",
            "either version 2 of the License, or (at your option) any later version",
            "GPL-2.0-or-later",
        ),
        ("GNU General Public License", "version 2", "GPL-2.0-only"),
        ("GNU General Public License", "version 3 of the License", "GPL-3.0-only"),
        (
            "GNU Lesser General Public License",
            "either version 2.1 of the License, or (at your option) any later version",
            "LGPL-2.1-or-later",
        ),
        (
            "GNU Library General Public License",
            "either version 2 of the License, or (at your option) any later version",
            "LGPL-2.0-or-later",
        ),
        (
            "GNU Affero General Public License",
            "either version 3 of the License, or (at your option) any later version",
            "AGPL-3.0-or-later",
        ),
    ] {
        assert_eq!(ids(&notice(family, version)), [(id.to_owned(), Kind::Notice)], "{version}");
    }
    assert_eq!(ids("Licensed under the GNU GPL v3+.\n")[0].0, "GPL-3.0-or-later");
    assert_eq!(ids("It is not licensed under the GNU GPL version 3.\n"), []);
    assert_eq!(ids("It is compatible with the GNU General Public License, version 2.\n"), []);
}

#[test]
fn headers_tags_and_mentions_are_told() {
    let apache = "Licensed under the Apache License, Version 2.0 (the \"License\");\nyou may not use this file except in \
                  compliance with the License.\nYou may obtain a copy of the License at\n\n    \
                  https://www.apache.org/licenses/LICENSE-2.0\n\nUnless required by applicable law or agreed to in writing, \
                  software\ndistributed under the License is distributed on an \"AS IS\" BASIS,\nWITHOUT WARRANTIES OR \
                  CONDITIONS OF ANY KIND, either express or implied.\nSee the License for the specific language governing \
                  permissions and\nlimitations under the License.\n";
    assert_eq!(ids(apache), [("Apache-2.0".to_owned(), Kind::Notice)]);
    assert_eq!(
        ids("/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */"),
        [("GPL-2.0-only".to_owned(), Kind::Tag), ("Linux-syscall-note".to_owned(), Kind::Exception)]
    );
    assert_eq!(ids("MIT OR Apache-2.0\n").len(), 2);
    let dual = "Licensed under either of Apache License, Version 2.0 (LICENSE-APACHE or\nhttp://www.apache.org/licenses/\
                LICENSE-2.0) or MIT license (LICENSE-MIT) at your option.\n";
    assert_eq!(ids(dual), [("Apache-2.0".to_owned(), Kind::Mention), ("MIT".to_owned(), Kind::Mention)]);
    assert_eq!(ids("This project is dual-licensed under the Unlicense and MIT licenses.\n").len(), 2);
    assert_eq!(ids("A text about nothing.\n"), []);
}

#[test]
fn hostile_texts_take_little_time() {
    let words = "permission is hereby granted free of charge ".repeat(20_000);
    let same = "the the the the ".repeat(100_000);
    for text in [words.as_str(), &same, &MIT.repeat(300), &"<".repeat(300_000), &"-\n".repeat(200_000)] {
        let begun = std::time::Instant::now();
        identify(text);
        assert!(begun.elapsed().as_secs() < 60);
    }
}

#[test]
fn what_is_almost_a_license_resembles_it() {
    let text = MIT.replace("to deal in", "for noncommercial purposes, to deal in");
    let near = resembles(&text).unwrap();
    assert!(near.id == "MIT" && near.confidence < THRESHOLD);
    assert_eq!(resembles("nothing at all"), None);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn anything_is_read(before in "\\PC{0,60}", cut in 0..MIT.len(), behind in "(\\PC|\\n){0,200}") {
        let text = format!("{before}{}{behind}", super::cut(MIT, cut));
        let mut last = 0;
        for one in identify(&text) {
            proptest::prop_assert!(text.get(one.bytes.clone()).is_some() && one.bytes.start >= last);
            proptest::prop_assert!((THRESHOLD..=1.0).contains(&one.confidence));
            last = one.bytes.start;
        }
    }
}
