//! The files of a static model in a folder. The folder is not trusted: nothing is read from it that is not a file, or too large, or
//! needs memory without use.

use std::io::Read;
use std::path::Path;

use serde_json::Value;

use crate::error::{Error, Result};
use crate::platform::file;

/// Reads a whole file of a folder, of at most this many bytes.
pub(super) fn read(folder: &Path, name: &str, most: u64) -> Result<Vec<u8>> {
    let path = folder.join(name);
    let failed = |error| Error::io(&path, error);
    let refused =
        |problem: &str| Error::invalid("folder", format!("{} has no model: {name}: {problem}", folder.display()));
    let file = file::open(&path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(refused("is not a regular file"));
    }
    if metadata.len() > most {
        return Err(refused(&format!("has {} bytes; that of a model has at most {most}", metadata.len())));
    }
    let mut bytes = Vec::new();
    let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    bytes.try_reserve_exact(length).map_err(|_| failed(std::io::ErrorKind::OutOfMemory.into()))?;
    file.take(most).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Looks for tables of characters that say that they are larger than they are: the tokenizers would get that much memory.
pub(super) fn check_charsmaps(normalizer: &Value) -> std::result::Result<(), String> {
    match normalizer {
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| match (name.as_str(), value) {
            ("precompiled_charsmap", Value::String(text)) => check_charsmap(text),
            _ => check_charsmaps(value),
        }),
        Value::Array(items) => items.iter().try_for_each(check_charsmaps),
        _ => Ok(()),
    }
}

/// In base64: the size of a table in four bytes, the table, and texts.
fn check_charsmap(text: &str) -> std::result::Result<(), String> {
    let Some(Ok(start)) = text.get(..8).map(base64::decode) else { return Ok(()) };
    let size = start.first_chunk().map_or(0, |size| u32::from_le_bytes(*size));
    match size as usize > text.len() {
        true => Err(format!("its table of characters has {} letters, and says that it has {size} bytes", text.len())),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_regular_files_of_a_size_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        std::fs::write(path.join("six"), "abcdef").unwrap();
        assert_eq!(read(path, "six", 6).unwrap(), b"abcdef");
        let told = read(path, "six", 5).unwrap_err().to_string();
        assert!(told.ends_with("has no model: six: has 6 bytes; that of a model has at most 5"), "{told}");
        std::fs::create_dir(path.join("inner")).unwrap();
        assert!(read(path, "inner", 5).unwrap_err().to_string().contains("not a regular file"));
        assert_eq!(read(path, "missing", 5).unwrap_err().code().as_str(), "HAN_NOT_FOUND");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/dev/zero", path.join("zeros")).unwrap();
            assert!(read(path, "zeros", 5).unwrap_err().to_string().contains("not a regular file"));
        }
    }

    #[test]
    fn tables_are_no_larger_than_they_are() {
        let charsmap = |size: u32, rest: &[u8]| base64::encode([&size.to_le_bytes(), rest].concat());
        let of = |text: String| {
            let inner = json!({ "type": "Precompiled", "precompiled_charsmap": text });
            check_charsmaps(&json!({ "type": "Sequence", "normalizers": [{ "type": "Lowercase" }, inner] }))
        };
        assert_eq!(of(charsmap(8, &[0; 12])), Ok(()));
        let told = of(charsmap(u32::MAX, &[0; 12])).unwrap_err();
        assert!(told.contains("24 letters") && told.contains("4294967295 bytes"), "{told}");
        // What is not even that is refused when it is read.
        for odd in ["", "AAAA", "no base64!", "版本版本"] {
            assert_eq!(of(odd.into()), Ok(()));
        }
    }
}
