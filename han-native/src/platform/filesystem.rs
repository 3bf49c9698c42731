//! Recognises file systems on which SQLite's write-ahead log is unsafe.

use std::path::Path;

/// The name of the network file system that holds `folder`, or `None` if it is local or unknown.
#[cfg(target_os = "linux")]
pub(crate) fn network_filesystem(folder: &Path) -> Option<&'static str> {
    let magic = rustix::fs::statfs(folder).ok()?.f_type;
    name_of_magic(magic as u32)
}

/// Elsewhere nothing is known, and nothing refused.
#[cfg(not(target_os = "linux"))]
pub(crate) fn network_filesystem(_folder: &Path) -> Option<&'static str> {
    None
}

/// The numbers are those of statfs(2).
#[cfg_attr(not(target_os = "linux"), allow(dead_code))]
fn name_of_magic(magic: u32) -> Option<&'static str> {
    match magic {
        0x6969 => Some("NFS"),
        0x517B => Some("SMB"),
        0xFE53_4D42 => Some("SMB2"),
        0xFF53_4D42 => Some("CIFS"),
        0x5346_414F => Some("AFS"),
        0x7375_7245 => Some("Coda"),
        0x00C3_6400 => Some("Ceph"),
        0x0BD0_0BD0 => Some("Lustre"),
        0x4750_4653 => Some("GPFS"),
        0x0102_1997 => Some("9P"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_file_systems_are_told_from_local_ones() {
        assert_eq!(name_of_magic(0x6969), Some("NFS"));
        assert_eq!(name_of_magic(0xFF53_4D42), Some("CIFS"));
        assert_eq!(name_of_magic(0xEF53), None, "ext4");
        assert_eq!(name_of_magic(0x0102_1994), None, "tmpfs");
    }
}
