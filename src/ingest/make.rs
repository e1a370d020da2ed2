//! Makes findings of what records say, one file for each kind: what readers share, so that the same defect is told in
//! the same words whoever reports it.

mod advisory;
mod check;
mod leak;
mod license;

pub use advisory::Vulnerable;
pub use check::Check;
pub use leak::Leak;
pub(crate) use leak::is_masked;
pub use license::Licensed;

/// A page that may be linked to; `None` for what is no address on the web.
fn page(url: &str) -> Option<String> {
    let url = url.trim();
    let is_page = url.starts_with("https://") || url.starts_with("http://");
    let is_plain = url.len() < 2048 && url.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"'));
    (is_page && is_plain).then(|| url.to_owned())
}
