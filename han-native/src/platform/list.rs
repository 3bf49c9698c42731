//! Paths in one text, as environment variables have them.

use std::ffi::OsStr;
use std::path::PathBuf;

/// The paths of a comma list, without the blanks around them. Empty ones are left out.
#[cfg(unix)]
pub(crate) fn paths(list: &OsStr) -> Vec<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    // A path need not be UTF-8.
    let parts = list.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    parts.filter(|part| !part.is_empty()).map(|part| PathBuf::from(OsStr::from_bytes(part))).collect()
}

/// The paths of a comma list, without the blanks around them. Empty ones are left out.
#[cfg(not(unix))]
pub(crate) fn paths(list: &OsStr) -> Vec<PathBuf> {
    let list = list.to_string_lossy();
    list.split(',').map(str::trim).filter(|part| !part.is_empty()).map(PathBuf::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_separate_and_blanks_do_not_count() {
        let paths = paths(OsStr::new(" /a b ,,\t/c, ,d/é"));
        assert_eq!(paths, ["/a b", "/c", "d/é"].map(PathBuf::from));
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_not_utf8_stays_as_it_is() {
        use std::os::unix::ffi::OsStrExt;
        let paths = paths(OsStr::from_bytes(b"/\xff,/b"));
        assert_eq!(paths, [OsStr::from_bytes(b"/\xff"), OsStr::new("/b")].map(PathBuf::from));
    }
}
