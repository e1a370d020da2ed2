//! The functions of expressions that need nothing but their arguments, one line each.

use std::fmt;

use super::value::Value;
use crate::rule::search;
use crate::text::tokens;

/// A function of texts, numbers and lists.
pub(crate) struct Function {
    pub(super) name: &'static str,
    /// How many arguments it takes.
    pub(super) arity: (usize, usize),
    /// `None` for arguments of a kind that it does not take.
    pub(super) call: for<'a> fn(&[Value<'a>]) -> Option<Value<'a>>,
}

/// Every function but those whose patterns or terms are compiled beforehand, which the parser knows.
static FUNCTIONS: [Function; 21] = [
    function("entropy", (1, 1), |args| Some(Value::Float(search::entropy(args[0].bytes()?)))),
    function("failsTokenEfficiency", (1, 1), |args| Some(Value::Bool(fails_token_efficiency(args[0].bytes()?)))),
    function("len", (1, 1), |args| match &args[0] {
        Value::List(values) => Some(Value::Int(values.len() as i64)),
        value => Some(Value::Int(String::from_utf8_lossy(value.bytes()?).chars().count() as i64)),
    }),
    function("size", (1, 1), |args| Some(Value::Int(args[0].bytes()?.len() as i64))),
    function("min", (1, 8), |args| extreme(args, |a, b| a < b)),
    function("max", (1, 8), |args| extreme(args, |a, b| a > b)),
    function("abs", (1, 1), |args| match &args[0] {
        Value::Int(value) => value.checked_abs().map(Value::Int),
        value => Some(Value::Float(value.number()?.abs())),
    }),
    function("int", (1, 1), |args| match &args[0] {
        Value::Text(text) => std::str::from_utf8(text).ok()?.parse().ok().map(Value::Int),
        value => Some(Value::Int(value.number()? as i64)),
    }),
    function("float", (1, 1), |args| match &args[0] {
        Value::Text(text) => std::str::from_utf8(text).ok()?.parse().ok().map(Value::Float),
        value => Some(Value::Float(value.number()?)),
    }),
    function("string", (1, 1), |args| match &args[0] {
        Value::Int(value) => Some(Value::text(value.to_string().into_bytes())),
        Value::Bool(value) => Some(Value::text(value.to_string().into_bytes())),
        Value::Text(text) => Some(Value::Text(text.clone())),
        _ => None,
    }),
    function("lower", (1, 1), |args| on_text(&args[0], |text| text.to_lowercase())),
    function("upper", (1, 1), |args| on_text(&args[0], |text| text.to_uppercase())),
    function("trim", (1, 1), |args| on_text(&args[0], |text| text.trim().to_owned())),
    function("trimPrefix", (2, 2), |args| {
        let (text, part) = (args[0].bytes()?, args[1].bytes()?);
        Some(Value::text(text.strip_prefix(part).unwrap_or(text).to_vec()))
    }),
    function("trimSuffix", (2, 2), |args| {
        let (text, part) = (args[0].bytes()?, args[1].bytes()?);
        Some(Value::text(text.strip_suffix(part).unwrap_or(text).to_vec()))
    }),
    function("hasPrefix", (2, 2), |args| Some(Value::Bool(args[0].bytes()?.starts_with(args[1].bytes()?)))),
    function("hasSuffix", (2, 2), |args| Some(Value::Bool(args[0].bytes()?.ends_with(args[1].bytes()?)))),
    function("indexOf", (2, 2), |args| {
        let at = memchr::memmem::find(args[0].bytes()?, args[1].bytes()?);
        Some(Value::Int(at.map_or(-1, |at| at as i64)))
    }),
    function("lastIndexOf", (2, 2), |args| {
        let at = memchr::memmem::rfind(args[0].bytes()?, args[1].bytes()?);
        Some(Value::Int(at.map_or(-1, |at| at as i64)))
    }),
    function("substring", (2, 2), |args| {
        let (text, from) = (args[0].bytes()?, usize::try_from(args[1].int()?).unwrap_or(0));
        Some(Value::text(text.get(from..).unwrap_or_default().to_vec()))
    }),
    function("replace", (3, 3), |args| {
        let text = |value: &Value<'_>| Some(String::from_utf8_lossy(value.bytes()?).into_owned());
        let (of, from, to) = (text(&args[0])?, text(&args[1])?, text(&args[2])?);
        // Each of a million matches of one character may become a long text.
        let most = of.len().saturating_add(of.matches(&from).count().saturating_mul(to.len()));
        (most <= super::eval::LONGEST).then(|| Value::text(of.replace(&from, &to).into_bytes()))
    }),
];

const fn function(
    name: &'static str,
    arity: (usize, usize),
    call: for<'a> fn(&[Value<'a>]) -> Option<Value<'a>>,
) -> Function {
    Function { name, arity, call }
}

/// The function of a name; `None` when there is none.
pub(super) fn named(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Whether a text is made of so few pieces of a vocabulary that it is words: 2.5 characters a piece or more. betterleaks
/// counts those of another vocabulary and looks for words in a list.
fn fails_token_efficiency(text: &[u8]) -> bool {
    const MOST: f32 = 2.5;
    tokens::chars_per_token(text) >= MOST
}

fn on_text<'a>(value: &Value<'_>, change: impl Fn(&str) -> String) -> Option<Value<'a>> {
    Some(Value::text(change(&String::from_utf8_lossy(value.bytes()?)).into_bytes()))
}

fn extreme<'a>(args: &[Value<'a>], better: fn(f64, f64) -> bool) -> Option<Value<'a>> {
    let mut best = args.first()?;
    for arg in &args[1..] {
        if better(arg.number()?, best.number()?) {
            best = arg;
        }
    }
    best.number().map(|_| best.clone())
}
