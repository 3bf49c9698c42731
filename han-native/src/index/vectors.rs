//! Storing vectors, and removing those of a model.

use std::collections::HashSet;

use crate::embedding;
use crate::error::{Error, Result, Subject};
use crate::model::{IndexVectorsReport, RemoveVectorsReport, VectorItem, VectorPlace};
use crate::store::vectors::{self, KnownMessage, NewItem};
use crate::store::{Failure, Store, Writing};

/// The most vectors of a call, all of which are stored in one transaction.
pub(crate) const MOST_ITEMS: usize = 10_000;

/// Refuses items that could not be stored, before anything waits for them. An item is named by its position.
pub(crate) fn check_items(model: &str, items: &[VectorItem<'_>]) -> Result<()> {
    embedding::check_model(model)?;
    if items.len() > MOST_ITEMS {
        return Err(Error::invalid("items", format!("are {}; pass at most {MOST_ITEMS} at once", items.len())));
    }
    let Some(dimensions) = items.first().map(|item| item.vector.len()) else { return Ok(()) };
    embedding::check_dimensions("items", dimensions)?;
    let mut places = HashSet::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let refused = |problem: String| Err(refused(at, &problem));
        let place = &item.place;
        let (chunk, start) = (place.chunk.unwrap_or(0), place.start.unwrap_or(0));
        if item.vector.len() != dimensions {
            return refused(format!("has {} dimensions, the first one has {dimensions}", item.vector.len()));
        }
        if let Err(problem) = embedding::check_numbers(item.vector) {
            return refused(format!("the vector {problem}"));
        }
        if chunk < 0 || start < 0 || place.end.is_some_and(|end| end < start) {
            return refused("chunk and start must not be negative, and end not before start".into());
        }
        let hash = place.text_hash.as_deref().map(|hash| hash_of(hash).ok_or(hash)).transpose();
        let hash = match hash {
            Ok(hash) => hash,
            Err(hash) => return refused(format!("textHash is {hash:?}; pass it as vectors.pending returned it")),
        };
        // Messages of one id in several config dirs may have different texts.
        if !places.insert((place.message_id.as_str(), chunk, hash)) {
            return refused(second_vector(place, chunk));
        }
    }
    Ok(())
}

fn refused(at: usize, problem: &str) -> Error {
    Error::invalid("items", format!("at position {at}: {problem}"))
}

fn second_vector(place: &VectorPlace, chunk: i64) -> String {
    format!("a second vector of chunk {chunk} of {}", place.message_id)
}

/// Stores checked items, each with the messages that have its id, in one transaction.
///
/// An item is of all of them that have the text that was embedded, except copies of them: the same file may be in several config
/// dirs. Where none has it any more, it is of the first, and stale.
pub(crate) fn index_vectors(
    writing: &Writing<'_>,
    model: &str,
    items: &[VectorItem<'_>],
    known: &[&[KnownMessage]],
) -> Result<IndexVectorsReport> {
    let mut report = IndexVectorsReport::default();
    let mut new_items = Vec::with_capacity(items.len());
    let (mut messages, mut places, mut unknown) = (HashSet::new(), HashSet::new(), HashSet::new());
    for (at, (item, known)) in items.iter().zip(known).enumerate() {
        let place = &item.place;
        let Some(meant) = known.first() else {
            if unknown.insert(place.message_id.as_str()) {
                report.unknown.push(place.message_id.clone());
            }
            continue;
        };
        let chunk = place.chunk.unwrap_or(0);
        let embedded = place.text_hash.as_deref().and_then(hash_of).unwrap_or(meant.text_hash);
        let is_stale = known.iter().all(|message| message.text_hash != embedded);
        let has_text =
            |message: &&KnownMessage| if is_stale { *message == meant } else { message.text_hash == embedded };
        let has_original = known.iter().filter(has_text).any(|message| !message.is_copy);
        let is_wanted = |message: &&KnownMessage| has_text(message) && !(message.is_copy && has_original);
        for KnownMessage { row_id, .. } in known.iter().filter(is_wanted) {
            if !places.insert((*row_id, chunk)) {
                return Err(refused(at, &second_vector(place, chunk)));
            }
            messages.insert(*row_id);
            new_items.push(NewItem {
                message_id: *row_id,
                chunk,
                field: place.field.map(|field| field as i64),
                text_start: place.start,
                text_end: place.end,
                text_hash: embedded,
                is_stale,
                vector: item.vector,
            });
        }
    }
    report.messages = messages.len() as i64;
    report.vectors = new_items.len() as i64;
    writing.raw_transaction(|connection| {
        let stored = match (vectors::model(connection, model)?, new_items.first()) {
            (Some(stored), _) => stored,
            (None, Some(first)) => vectors::insert_model(connection, model, first.vector.len())?,
            (None, None) => return Ok(()),
        };
        if let Some(first) = new_items.first()
            && first.vector.len() != stored.dimensions
        {
            let problem = format!(
                "have vectors of {} dimensions, the model {model} has {}; name another model, or remove the vectors of this one",
                first.vector.len(),
                stored.dimensions
            );
            return Err(Failure::Other(Error::invalid("items", problem)));
        }
        vectors::replace(connection, &stored, &new_items)?;
        for item in new_items.iter().filter(|item| item.is_stale) {
            vectors::note_due(connection, item.message_id)?;
        }
        vectors::advance(connection, &stored)
    })?;
    Ok(report)
}

/// Removes a model with all of its vectors.
pub(crate) fn remove_model(store: &Store, model: &str) -> Result<RemoveVectorsReport> {
    let writing = store.begin_writing()?;
    writing.raw_transaction(|connection| {
        let Some(stored) = vectors::model(connection, model)? else {
            return Err(Failure::Other(Error::NotFound { what: Subject::Model, name: model.to_owned() }));
        };
        Ok(RemoveVectorsReport { vectors: vectors::remove_model(connection, &stored)? })
    })
}

/// The hash that identifies a text.
fn hash_of(text: &str) -> Option<i64> {
    let is_hash = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| u64::from_str_radix(text, 16).ok().map(|hash| hash as i64))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item<'v>(message_id: &str, chunk: i64, vector: &'v [f32]) -> VectorItem<'v> {
        let place = VectorPlace { message_id: message_id.into(), chunk: Some(chunk), ..VectorPlace::default() };
        VectorItem { place, vector }
    }

    fn refusal(items: &[VectorItem<'_>]) -> String {
        check_items("m", items).unwrap_err().to_string()
    }

    #[test]
    fn a_bad_item_is_named_by_its_position() {
        let good = item("a", 0, &[1.0, 0.0]);
        assert!(check_items("m", &[]).is_ok() && check_items("m", &[good.clone(), item("a", 1, &[1.0, 2.0])]).is_ok());
        assert!(
            refusal(&[good.clone(), item("b", 0, &[1.0])])
                .contains("position 1: has 1 dimensions, the first one has 2")
        );
        assert!(refusal(&[good.clone(), item("b", 0, &[0.0, 0.0])]).contains("position 1: the vector is all zeros"));
        assert!(refusal(&[good.clone(), good.clone()]).contains("position 1: a second vector of chunk 0 of a"));
        assert!(refusal(&[item("a", -1, &[1.0])]).contains("negative"));
        assert!(refusal(&[item("a", 0, &[])]).contains("0 dimensions"));
        let mut ends_early = good.clone();
        (ends_early.place.start, ends_early.place.end) = (Some(5), Some(4));
        assert!(refusal(&[ends_early]).contains("end not before start"));
        let with_hash = |hash: &str| {
            let mut item = good.clone();
            item.place.text_hash = Some(hash.into());
            item
        };
        assert!(refusal(&[with_hash("+123456789abcdef")]).contains("textHash"));
        let (one, other) = (with_hash("00000000000000aa"), with_hash("00000000000000AB"));
        assert!(check_items("m", &[one.clone(), other.clone()]).is_ok(), "messages of one id with different texts");
        assert!(refusal(&[one, other.clone(), other]).contains("position 2: a second vector"));
    }
}
