use super::*;

fn said(text: &str) -> String {
    normalize(text).expression.to_string()
}

#[test]
fn what_people_write_becomes_spdx() {
    for (text, expected) in [
        ("Apache 2", "Apache-2.0"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("The Apache Software License, Version 2.0", "Apache-2.0"),
        ("ASL 2.0", "Apache-2.0"),
        ("apache-2.0", "Apache-2.0"),
        ("New BSD", "BSD-3-Clause"),
        ("BSD 3-Clause \"New\" or \"Revised\" License", "BSD-3-Clause"),
        ("BSD (3-clause)", "BSD-3-Clause"),
        ("Simplified BSD License", "BSD-2-Clause"),
        ("GPLv2+", "GPL-2.0-or-later"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("GPL-2.0", "GPL-2.0-only"),
        ("GPL v2 only", "GPL-2.0-only"),
        ("GPL (>= 2)", "GPL-2.0-or-later"),
        ("GPL-3", "GPL-3.0-only"),
        ("LGPL v2.1 or later", "LGPL-2.1-or-later"),
        ("LGPL-2.1 or (at your option) any later version", "LGPL-2.1-or-later"),
        ("GNU Lesser General Public License v3 or later (LGPLv3+)", "LGPL-3.0-or-later"),
        (
            "GNU General Public License, version 2 (GPL2), with the classpath exception",
            "GPL-2.0-only WITH Classpath-exception-2.0",
        ),
        ("GPLv2 with Classpath Exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("Apache 2.0 with LLVM exception", "Apache-2.0 WITH LLVM-exception"),
        ("MIT/Apache-2.0", "MIT OR Apache-2.0"),
        ("MIT / Apache 2.0", "MIT OR Apache-2.0"),
        ("MIT License", "MIT"),
        ("The MIT License (MIT)", "MIT"),
        ("mit", "MIT"),
        ("MIT/X11", "MIT"),
        ("(MIT OR GPL-3.0)", "MIT OR GPL-3.0-only"),
        ("MIT and BSD", "MIT AND BSD"),
        ("Apache2 OR MIT", "Apache-2.0 OR MIT"),
        ("Dual License: MIT, GPL v2", "MIT OR GPL-2.0-only"),
        ("Released under the MIT license", "MIT"),
        ("License :: OSI Approved :: MIT License", "MIT"),
        ("License :: OSI Approved :: GNU General Public License v2 or later (GPLv2+)", "GPL-2.0-or-later"),
        ("License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
        ("License :: OSI Approved :: Apache Software License", "Apache"),
        ("http://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0"),
        ("https://opensource.org/licenses/MIT", "MIT"),
        ("http://www.gnu.org/licenses/gpl-3.0.html", "GPL-3.0"),
        ("https://licenses.nuget.org/MIT", "MIT"),
        ("https://licenses.nuget.org/Apache-2.0%20OR%20MIT", "Apache-2.0 OR MIT"),
        ("https://creativecommons.org/licenses/by-sa/4.0/", "CC-BY-SA-4.0"),
        ("https://spdx.org/licenses/BSD-3-Clause.html", "BSD-3-Clause"),
        ("Eclipse Public License - v 2.0", "EPL-2.0"),
        ("BSD-2-Clause-FreeBSD", "BSD-2-Clause-Views"),
        ("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("perl_5", "Artistic-1.0-Perl OR GPL-1.0-or-later"),
        ("CC0 1.0 Universal", "CC0-1.0"),
        ("Apache License 2.0, MIT", "Apache-2.0 AND MIT"),
    ] {
        assert_eq!(said(text), expected, "{text}");
    }
}

#[test]
fn what_is_ambiguous_stays_so() {
    for (text, expected) in [
        ("BSD", "BSD"),
        ("BSD-like", "BSD"),
        ("BSD License", "BSD"),
        ("GPL", "GPL"),
        ("GNU Lesser General Public License", "LGPL"),
        ("Public Domain", "Public-Domain"),
        ("License :: OSI Approved :: BSD License", "BSD"),
    ] {
        let found = normalize(text);
        assert_eq!((found.expression.to_string().as_str(), found.meaning), (expected, Meaning::Partly), "{text}");
        assert!(members(expected).is_some());
    }
}

#[test]
fn what_says_nothing_is_nothing() {
    for text in
        ["", "UNKNOWN", "OTHER", "Dual License", "License :: OSI Approved", "see LICENSE", "MIT-like", "or", "and with"]
    {
        let found = normalize(text);
        assert_eq!((found.expression.to_string().as_str(), found.meaning), (NOTHING, Meaning::Nothing), "{text}");
    }
    let words = normalize("whatever you like");
    assert_eq!((words.expression.to_string().as_str(), words.meaning), ("whatever-you-like", Meaning::Nothing));
    assert_eq!(said("MIT, and ISC"), "MIT AND ISC");
    assert_eq!(said("MIT, with"), "MIT");
    assert_eq!(said("MIT, words of their own, with"), "MIT AND words-of-their-own");
    assert_eq!(normalize("UNLICENSED").meaning, Meaning::Proprietary);
    assert_eq!(normalize("SEE LICENSE IN <LICENSE.md>").meaning, Meaning::File("LICENSE.md".to_owned()));
    assert_eq!(normalize("MIT OR Whatever-1.0").meaning, Meaning::Partly);
}

#[test]
fn every_id_and_every_name_of_the_list_is_itself() {
    for id in id::licenses().filter(|id| !id::is_deprecated(id)) {
        assert_eq!(said(id), id);
        assert_eq!(said(&id.to_lowercase()), id);
        let name = id::full_name(id).unwrap();
        let of_name = normalize(name);
        // A few share their name, or have that of a family.
        let families = ["Apache", "BSD", "GPL", "Python", "PHP", "ZPL"];
        let same = of_name.expression.to_string();
        let shared = id::licenses().filter(|other| id::full_name(other) == Some(name)).count() > 1;
        assert!(same == id || shared || families.contains(&same.as_str()), "{name}: {same}, not {id}");
    }
}

proptest::proptest! {
    #[test]
    fn anything_becomes_an_expression(text in "\\PC{0,80}|(MIT|BSD|own|either|with|and|or|[,;:/. é]){0,12}") {
        let written = normalize(&text).expression.to_string();
        proptest::prop_assert!(Expression::parse(&written).is_ok(), "{}", written);
    }
}
