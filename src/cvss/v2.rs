//! The base equation of CVSS 2.0, as the guide to version 2.0 has it in section 3.2.1
//! (<https://www.first.org/cvss/v2/guide>).

/// The base score of the values of AV, AC, Au, C, I and A; `None` when there are others.
pub(super) fn base(values: &[&str]) -> Option<f64> {
    let &[vector, complexity, authentication, confidentiality, integrity, availability] = values else { return None };
    let impact =
        10.41 * (1.0 - (1.0 - impact(confidentiality)?) * (1.0 - impact(integrity)?) * (1.0 - impact(availability)?));
    let exploitability = 20.0
        * weight(&[("L", 0.395), ("A", 0.646), ("N", 1.0)], vector)?
        * weight(&[("H", 0.35), ("M", 0.61), ("L", 0.71)], complexity)?
        * weight(&[("M", 0.45), ("S", 0.56), ("N", 0.704)], authentication)?;
    let has_impact = if impact == 0.0 { 0.0 } else { 1.176 };
    let score = (0.6 * impact + 0.4 * exploitability - 1.5) * has_impact;
    Some((score.clamp(0.0, 10.0) * 10.0).round() / 10.0)
}

fn impact(value: &str) -> Option<f64> {
    weight(&[("N", 0.0), ("P", 0.275), ("C", 0.66)], value)
}

fn weight(weights: &[(&str, f64)], value: &str) -> Option<f64> {
    weights.iter().find(|(name, _)| *name == value).map(|(_, weight)| *weight)
}
