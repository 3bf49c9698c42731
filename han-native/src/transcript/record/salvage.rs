//! Complete records after a broken one, on a line that two writers spliced.

use memchr::memmem;

use super::line::{Failure, Objects, objects};
use super::{Envelope, RecordType, Text};

/// How many places are tried: the cost stays linear in the length of the line.
const ATTEMPTS: usize = 16;

/// How records start in practice. Objects inside a record may start in the same way, so what is found is judged again.
const STARTS: [&[u8]; 8] = [
    b"{\"type\":",
    b"{\"parentUuid\":",
    b"{\"uuid\":",
    b"{\"sessionId\":",
    b"{\"messageId\":",
    b"{\"isSidechain\":",
    b"{\"logicalParentUuid\":",
    b"{\"timestamp\":",
];

/// The objects that reach from somewhere after the failure's start to the end of the line.
pub(super) fn salvage(bytes: &[u8], failure: &Failure) -> Objects {
    // Where the first record broke off inside a string, the parser gives up just after the `{"` of the second one.
    let near = (failure.position.saturating_sub(3)..=failure.position + 1).rev();
    let near = near.filter(|&place| place > failure.start && bytes.get(place) == Some(&b'{'));
    for place in near.chain(likely_places(bytes, failure.start + 1)) {
        let (found, failure) = objects(bytes, place);
        if failure.is_none() && found.spans.iter().all(|span| is_record(&bytes[span.start..span.end])) {
            return found;
        }
    }
    Objects::default()
}

/// Places that look like the start of a record, in order.
fn likely_places(bytes: &[u8], start: usize) -> Vec<usize> {
    let rest = bytes.get(start..).unwrap_or_default();
    let mut places: Vec<usize> = STARTS
        .iter()
        .flat_map(|pattern| memmem::find_iter(rest, pattern).filter(|&place| !is_part(&rest[place..])).take(ATTEMPTS))
        .map(|place| start + place)
        .collect();
    places.sort_unstable();
    places.truncate(ATTEMPTS);
    places
}

/// The `type` of objects that occur inside records, never alone.
const PARTS: [&[u8]; 10] = [
    b"text\"",
    b"tool_use\"",
    b"tool_result\"",
    b"thinking\"",
    b"redacted_thinking\"",
    b"image\"",
    b"document\"",
    b"message\"",
    b"base64\"",
    b"tool_reference\"",
];

fn is_part(bytes: &[u8]) -> bool {
    let kind = bytes.strip_prefix(b"{\"type\":\"");
    kind.is_some_and(|kind| PARTS.iter().any(|part| kind.starts_with(part)))
}

fn is_record(object: &[u8]) -> bool {
    !is_part(object)
        && Envelope::read(&String::from_utf8_lossy(object), |envelope| {
            let names = [&envelope.uuid, &envelope.session_id, &envelope.leaf_uuid];
            let is_known = envelope.record_type.get().and_then(RecordType::of_name).is_some();
            let has_name = names.into_iter().any(|name: &Text<'_>| name.non_empty().is_some());
            is_known || (has_name && envelope.record_type.non_empty().is_some())
        })
}
