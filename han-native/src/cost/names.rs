//! The names that one model goes by.

/// What a model may be called in a list of prices, the most exact name first: without the provider, the date and the window
/// that were put around it. `us.anthropic.claude-sonnet-4-20250514-v1:0`, `claude-sonnet-4@20250514` and
/// `claude-sonnet-4-20250514[1m]` are all `claude-sonnet-4`.
pub(super) fn variants(model: &str) -> Vec<String> {
    let lower = model.trim().to_ascii_lowercase().replace('@', "-");
    let name = lower.rsplit('/').next().unwrap_or_default();
    let name = name.rsplit_once("anthropic.").map_or(name, |(_, name)| name);
    let name = name.split_once('[').map_or(name, |(name, _)| name);
    let name = without_revision(name);
    let name = name.strip_suffix("-latest").unwrap_or(name);
    let undated = without_date(name);
    let plain = undated.strip_suffix("-0").unwrap_or(undated);
    vec![name.to_owned(), undated.to_owned(), plain.to_owned()]
}

/// Without `-v1` or `-v1:0`.
fn without_revision(name: &str) -> &str {
    let Some((base, revision)) = name.rsplit_once("-v") else { return name };
    let is_revision = !revision.is_empty() && revision.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    if is_revision { base } else { name }
}

/// Without `-20250514`.
fn without_date(name: &str) -> &str {
    match name.rsplit_once('-') {
        Some((base, date)) if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) => base,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_providers_put_around_a_name_is_taken_off() {
        for name in [
            "claude-sonnet-4",
            "claude-sonnet-4-20250514",
            "claude-sonnet-4@20250514",
            "claude-sonnet-4-20250514[1m]",
            "anthropic/claude-sonnet-4-20250514",
            "us.anthropic.claude-sonnet-4-20250514-v1:0",
            "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.anthropic.claude-sonnet-4-20250514-v1:0",
            "Claude-Sonnet-4-latest",
            "claude-sonnet-4-0",
        ] {
            assert_eq!(variants(name).last().map(String::as_str), Some("claude-sonnet-4"), "{name}");
        }
        for name in ["claude-sonnet-4-5", "claude-sonnet-4-2025", "gpt-v", ""] {
            assert_eq!(variants(name).last().map(String::as_str), Some(name));
        }
    }
}
