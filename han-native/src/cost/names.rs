//! The names that one model goes by.

/// A name that a model may have in a list of prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelling {
    pub(super) name: String,
    /// Whether what was taken off said that the model answers in its fast mode.
    pub(super) is_fast: bool,
}

/// What providers and routers put in front of a name; what comes before it goes, too.
const PROVIDERS: [&str; 4] = ["anthropic.", "anthropic:", "anthropic--", "databricks-"];

/// What routers write after a colon: how they ask for the model, not which one it is.
const ROUTES: [&str; 6] = ["thinking", "beta", "extended", "nitro", "floor", "online"];

/// What comes after the name of a Claude model without making it another one.
const SUFFIXES: [&str; 3] = ["-thinking", "-default", "-1m"];

/// What a model may be called in a list of prices, the most exact name first: without the provider, the date and the window
/// that were put around it, and with its version where the list may have it. `us.anthropic.claude-sonnet-4-20250514-v1:0`,
/// `claude-sonnet-4@20250514`, `claude-4-sonnet-thinking` and `claude-sonnet-4-20250514[1m]` are all `claude-sonnet-4`. What is
/// left of a name is never cut: a model is not taken for another one.
pub(super) fn spellings(model: &str) -> Vec<Spelling> {
    let lower = model.trim().to_ascii_lowercase().replace('@', "-");
    let (path, last) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let is_fast_path = path.split('/').any(|part| part == "fast");
    let name = PROVIDERS.iter().find_map(|provider| last.rsplit_once(provider)).map_or(last, |(_, name)| name);
    let name = name.split_once('[').map_or(name, |(name, _)| name);
    let name = without_revision(name);
    let name = name.rsplit_once(':').filter(|(_, route)| ROUTES.contains(route)).map_or(name, |(name, _)| name);
    let (bare, is_fast_name) = without_suffixes(name);
    let dashed = with_dashes(bare);
    let family_first = family_first(&dashed).unwrap_or_else(|| dashed.clone());
    let plain = family_first.strip_suffix("-0").unwrap_or(&family_first).to_owned();
    let version_first = version_first(&plain).unwrap_or_else(|| plain.clone());
    let is_fast = is_fast_path || is_fast_name;
    let whole = Spelling { name: name.to_owned(), is_fast: is_fast_path };
    let names = [bare.to_owned(), dashed, family_first, version_first, plain];
    std::iter::once(whole).chain(names.map(|name| Spelling { name, is_fast })).collect()
}

/// The one name by which two spellings of a model are compared.
pub(crate) fn canonical(model: &str) -> String {
    spellings(model).pop().map(|spelling| spelling.name).unwrap_or_default()
}

/// Without `-v1` or `-v1:0`.
fn without_revision(name: &str) -> &str {
    let Some((base, revision)) = name.rsplit_once("-v") else { return name };
    let is_revision = !revision.is_empty() && revision.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    if is_revision { base } else { name }
}

/// Without the date and the marks after it, in whichever order they come; and whether one of those said fast.
fn without_suffixes(name: &str) -> (&str, bool) {
    let (mut rest, mut is_fast) = (name, false);
    let is_claude = name.starts_with("claude-");
    loop {
        let shorter = without_date(rest.strip_suffix("-latest").unwrap_or(rest));
        let mark = SUFFIXES.iter().find_map(|suffix| shorter.strip_suffix(suffix)).filter(|_| is_claude);
        let slower = shorter.strip_suffix("-fast");
        is_fast |= slower.is_some();
        let next = slower.or(mark).unwrap_or(shorter);
        if next == rest {
            return (rest, is_fast);
        }
        rest = next;
    }
}

/// Without `-20250514`.
fn without_date(name: &str) -> &str {
    match name.rsplit_once('-') {
        Some((base, date)) if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) => base,
        _ => name,
    }
}

/// `4.1` is `4-1`.
fn with_dashes(name: &str) -> String {
    let bytes = name.as_bytes();
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let dashed = |(at, letter): (usize, char)| match letter {
        '.' if is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)) => '-',
        letter => letter,
    };
    name.char_indices().map(dashed).collect()
}

/// `claude-4-5-sonnet` as `claude-sonnet-4-5`.
fn family_first(name: &str) -> Option<String> {
    let (version, family) = name.strip_prefix("claude-")?.rsplit_once('-')?;
    (is_version(version) && is_family(family)).then(|| format!("claude-{family}-{version}"))
}

/// `claude-sonnet-3-5` as `claude-3-5-sonnet`.
fn version_first(name: &str) -> Option<String> {
    let (family, version) = name.strip_prefix("claude-")?.split_once('-')?;
    (is_version(version) && is_family(family)).then(|| format!("claude-{version}-{family}"))
}

fn is_family(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// One number or two, of two digits at most.
fn is_version(text: &str) -> bool {
    let is_number = |part: &str| matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split('-').count() <= 2 && text.split('-').all(is_number)
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
            "claude-sonnet-4@default",
            "claude-sonnet-4-20250514[1m]",
            "anthropic/claude-sonnet-4-20250514",
            "openrouter/anthropic/claude-sonnet-4",
            "bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0",
            "vertex_ai/claude-sonnet-4@20250514",
            "us.anthropic.claude-sonnet-4-20250514-v1:0",
            "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.anthropic.claude-sonnet-4-20250514-v1:0",
            "anthropic:claude-sonnet-4",
            "anthropic--claude-4-sonnet",
            "databricks-claude-sonnet-4",
            "anthropic/claude-sonnet-4:thinking",
            "Claude-Sonnet-4-latest",
            "claude-sonnet-4-0",
            "claude-sonnet-4.0",
            "claude-4-sonnet",
            "claude-4.0-sonnet",
            "claude-4-sonnet-20250514-thinking",
            "claude-sonnet-4-thinking-20250514",
            "claude-sonnet-4-fast",
        ] {
            assert_eq!(canonical(name), "claude-sonnet-4", "{name}");
        }
        for (name, expected) in [
            ("claude-opus-4.1", "claude-opus-4-1"),
            ("claude-4.5-sonnet", "claude-sonnet-4-5"),
            ("anthropic/claude-3.7-sonnet:thinking", "claude-sonnet-3-7"),
            ("claude-3-5-haiku-20241022", "claude-haiku-3-5"),
        ] {
            assert_eq!(canonical(name), expected, "{name}");
        }
        for name in [
            "claude-sonnet-4-5",
            "claude-sonnet-4-2025",
            "claude-opus-4-10",
            "claude-opus-4-1-2",
            "claude-opus-4-1-mini",
            "claude-opus-4-1:free",
            "kimi-k2-thinking",
            "gpt-v",
            "gpt-4.",
            "",
        ] {
            assert_eq!(canonical(name), name, "it is not another model");
        }
    }

    #[test]
    fn a_list_may_have_the_version_on_either_side_of_the_family() {
        for name in ["claude-sonnet-3.5", "claude-3.5-sonnet", "claude-3-5-sonnet-20241022"] {
            let names: Vec<_> = spellings(name).into_iter().map(|spelling| spelling.name).collect();
            assert!(names.iter().any(|name| name == "claude-3-5-sonnet"), "{names:?}");
            assert!(names.iter().any(|name| name == "claude-sonnet-3-5"), "{names:?}");
        }
    }

    #[test]
    fn fast_is_a_mode_where_it_was_taken_off_and_a_name_where_it_was_not() {
        let found = |name: &str| spellings(name).into_iter().map(|spelling| (spelling.name, spelling.is_fast));
        assert_eq!(found("grok-4-fast").next(), Some(("grok-4-fast".into(), false)));
        assert_eq!(found("claude-opus-4-6-fast").next_back(), Some(("claude-opus-4-6".into(), true)));
        assert_eq!(found("fast/claude-opus-4-6-20260205").next_back(), Some(("claude-opus-4-6".into(), true)));
        assert!(found("claude-opus-4-6").all(|(_, is_fast)| !is_fast));
    }
}
