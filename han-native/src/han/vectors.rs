//! Vectors: passed by the host, or made by the host's embedders.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::RwLock;

use super::Han;
use crate::config::EmbedOptions;
use crate::embedding::{self, Embedder};
#[cfg(doc)]
use crate::error::ErrorCode;
use crate::error::{Error, Result, Subject};
#[cfg(feature = "static-embeddings")]
use crate::model::EmbedderInfo;
use crate::model::{
    EmbedProgress, EmbedReport, IndexVectorsReport, Page, PendingMessage, PendingQuery, RemoveVectorsReport, SearchHit,
    SearchMode, SearchQuery, VectorItem, VectorModel, VectorPlace, VectorQuery,
};
use crate::store::Store;
use crate::store::vectors::KnownMessage;
use crate::{index, query};

/// How many messages are embedded between two commits.
const MESSAGES_AT_ONCE: i64 = 64;
/// How many texts an embedder gets at once.
const TEXTS_AT_ONCE: usize = 128;

impl Han {
    /// The vectors of messages, the embedders that make them, and searches by their nearness.
    pub fn vectors(&self) -> Vectors<'_> {
        Vectors { store: &self.store, embedders: &self.embedders }
    }
}

/// The operations on vectors; see [`Han::vectors`].
#[derive(Clone, Copy)]
pub struct Vectors<'a> {
    store: &'a Store,
    embedders: &'a Embedders,
}

impl Vectors<'_> {
    /// Stores vectors of messages under the name of the model that they come from, at most 10,000, in one transaction.
    ///
    /// Vectors of this model that a named message had before are removed: all vectors of a message belong in one call. Vectors
    /// of other models, and of other messages, stay. The first call fixes how many dimensions the model has. The numbers are
    /// copied once, into the database. If several config dirs have a message of this id, all those with the embedded text get
    /// the vector.
    ///
    /// An empty list stores nothing, and records which messages need not be looked at again: after it
    /// [`pending`](Vectors::pending) is quick again if many messages without text have come.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for a vector of other dimensions than the model's, one that is not finite or has
    /// no direction, or two of one message and chunk; then nothing is stored. [`ErrorCode::Locked`] and those of
    /// writing. Unknown messages are not an error: the report names them.
    ///
    /// ```
    /// use han_native::Han;
    /// use han_native::model::{VectorItem, VectorPlace};
    ///
    /// let han = Han::open_in_memory()?;
    /// let place = VectorPlace { message_id: "unknown".into(), ..VectorPlace::default() };
    /// let report = han.vectors().index("my-model", &[VectorItem { place, vector: &[0.6, 0.8] }])?;
    /// assert_eq!((report.vectors, report.unknown), (0, vec!["unknown".to_owned()]));
    /// # Ok::<(), han_native::Error>(())
    /// ```
    pub fn index(&self, model: &str, items: &[VectorItem<'_>]) -> Result<IndexVectorsReport> {
        index_vectors(self.store, model, items)
    }

    /// Searches messages by the nearness of their vectors to one: [`Han::search`] in the mode `vector`, without a text, and without
    /// a look at embedders.
    ///
    /// # Errors
    /// Those of [`Han::search`].
    pub fn search(&self, query: &VectorQuery) -> Result<Page<SearchHit>> {
        query::search(self.store, &SearchQuery::from(query.clone()))
    }

    /// Registers an embedder for its model; it replaces the one that was registered before. [`embed_pending`](Vectors::embed_pending)
    /// and [`Han::search`] use it. It lives as long as the handle and its clones.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for a bad name, or a number of dimensions that no model may have.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use han_native::{EmbedOptions, Embedder, Han};
    ///
    /// struct Lengths;
    ///
    /// impl Embedder for Lengths {
    ///     fn model(&self) -> &str {
    ///         "lengths"
    ///     }
    ///
    ///     fn dimensions(&self) -> usize {
    ///         2
    ///     }
    ///
    ///     fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, String> {
    ///         Ok(texts.iter().map(|text| vec![1.0, text.len() as f32]).collect())
    ///     }
    /// }
    ///
    /// let han = Han::open_in_memory()?;
    /// han.vectors().register(Arc::new(Lengths))?;
    /// let report = han.vectors().embed_pending("lengths", EmbedOptions::default())?;
    /// assert_eq!((report.messages, report.has_more), (0, false));
    /// # Ok::<(), han_native::Error>(())
    /// ```
    pub fn register(&self, embedder: Arc<dyn Embedder>) -> Result<()> {
        embedding::check_model(embedder.model())?;
        embedding::check_dimensions("embedder", embedder.dimensions())?;
        let model = embedder.model().to_owned();
        // The host's code, such as the replaced embedder's `Drop`, runs without the lock.
        let replaced = self.embedders.by_model.write().insert(model, embedder);
        drop(replaced);
        Ok(())
    }

    /// Loads static embeddings in the format of model2vec (`tokenizer.json`, `model.safetensors`, `config.json`) from a local folder,
    /// and registers them as the embedder of `model`; if `None`, of a model named like the folder. Nothing is downloaded. They are
    /// held in memory, and work on the thread that calls. Needs the feature `static-embeddings`.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for a file that is missing; [`ErrorCode::InvalidArgument`] for a folder that has no such
    /// model.
    #[cfg(feature = "static-embeddings")]
    pub fn load(&self, folder: impl AsRef<std::path::Path>, model: Option<&str>) -> Result<EmbedderInfo> {
        let embedder = Arc::new(embedding::StaticModel::load(folder.as_ref(), model)?);
        let info = EmbedderInfo { model: embedder.model().to_owned(), dimensions: embedder.dimensions() as i64 };
        self.register(embedder)?;
        Ok(info)
    }

    /// Every model that has vectors, by name.
    ///
    /// # Errors
    /// Only those of reading.
    pub fn models(&self) -> Result<Vec<VectorModel>> {
        query::vectors::models(self.store)
    }

    /// Removes a model with all of its vectors. An embedder stays registered.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for a model without vectors; [`ErrorCode::Locked`] and those of writing.
    pub fn remove(&self, model: &str) -> Result<RemoveVectorsReport> {
        index::remove_model(self.store, model)
    }

    /// A page of messages that have text but no vector of it, those whose text has changed since first, with their texts in pieces
    /// that embedders take. Copies and older generations need no vectors. The time it takes depends on the messages that came
    /// since vectors were last stored, not on all.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for a bad name, page or cursor.
    pub fn pending(&self, query: &PendingQuery) -> Result<Page<PendingMessage>> {
        query::vectors::pending(self.store, query)
    }

    /// Embeds what is [`pending`](Vectors::pending) for a model, with its registered embedder. Blocks; nothing is locked while the
    /// embedder works, and what is done is committed every 64 messages. If nothing is pending, nothing is written.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] if no embedder is registered for the model; [`ErrorCode::Embedder`] with what it
    /// says; [`ErrorCode::Cancelled`]; those of [`index`](Vectors::index). What is committed stays, and a later call
    /// continues from there.
    pub fn embed_pending(&self, model: &str, mut options: EmbedOptions<'_>) -> Result<EmbedReport> {
        let embedder = self.embedders.of(model)?;
        if let Some(limit) = options.limit.filter(|limit| *limit < 1) {
            return Err(Error::invalid("limit", format!("is {limit}; it has to be 1 or more")));
        }
        let mut progress = EmbedProgress::default();
        let mut after = None;
        loop {
            let left = options.limit.map_or(MESSAGES_AT_ONCE, |limit| limit - progress.messages);
            let first = Some(left.clamp(1, MESSAGES_AT_ONCE));
            let page = self.pending(&PendingQuery { model: model.to_owned(), first, after: after.clone() })?;
            if page.items.is_empty() || left <= 0 {
                let EmbedProgress { messages, vectors } = progress;
                return Ok(EmbedReport { messages, vectors, has_more: !page.items.is_empty() });
            }
            if after.is_none() {
                // A handle that may not write fails before the embedder has worked for nothing.
                index_vectors(self.store, model, &[])?;
            }
            let vectors = embed_page(embedder.as_ref(), &page.items, &options)?;
            let items: Vec<VectorItem<'_>> = places(&page.items)
                .zip(&vectors)
                .map(|(place, vector)| VectorItem { place, vector: vector.as_slice() })
                .collect();
            let report = index_vectors(self.store, model, &items)?;
            progress.messages += report.messages;
            progress.vectors += report.vectors;
            if let Some(hook) = &mut options.on_progress {
                hook(&progress);
            }
            // A message that changes all the time is embedded once by this call.
            after = page.end_cursor;
        }
    }
}

/// A vector for each piece of each message.
fn embed_page(
    embedder: &dyn Embedder,
    messages: &[PendingMessage],
    options: &EmbedOptions<'_>,
) -> Result<Vec<Vec<f32>>> {
    let texts: Vec<&str> =
        messages.iter().flat_map(|message| &message.chunks).map(|chunk| chunk.text.as_str()).collect();
    let mut vectors = Vec::with_capacity(texts.len());
    for texts in texts.chunks(TEXTS_AT_ONCE) {
        if options.cancellation.is_cancelled() {
            return Err(Error::Cancelled);
        }
        vectors.extend(embed(embedder, texts)?);
    }
    Ok(vectors)
}

/// What each piece of each message is, in the same order.
fn places(messages: &[PendingMessage]) -> impl Iterator<Item = VectorPlace> {
    messages.iter().flat_map(|message| {
        message.chunks.iter().map(|chunk| VectorPlace {
            message_id: message.message_id.clone(),
            chunk: Some(chunk.chunk),
            field: Some(chunk.field),
            start: Some(chunk.start),
            end: Some(chunk.end),
            text_hash: Some(message.text_hash.clone()),
        })
    })
}

/// Calls an embedder, and checks that it keeps its promise.
fn embed(embedder: &dyn Embedder, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
    let failed = |reason: String| Error::Embedder { model: embedder.model().to_owned(), reason };
    let vectors = embedder.embed(texts).map_err(failed)?;
    if vectors.len() != texts.len() {
        return Err(failed(format!("it returned {} vectors for {} texts", vectors.len(), texts.len())));
    }
    for vector in &vectors {
        if vector.len() != embedder.dimensions() {
            let (found, promised) = (vector.len(), embedder.dimensions());
            return Err(failed(format!("it returned a vector of {found} dimensions, and says that it has {promised}")));
        }
        embedding::check_numbers(vector).map_err(|problem| failed(format!("a vector of it {problem}")))?;
    }
    Ok(vectors)
}

fn index_vectors(store: &Store, model: &str, items: &[VectorItem<'_>]) -> Result<IndexVectorsReport> {
    index::check_items(model, items)?;
    let mut ids: Vec<String> = items.iter().map(|item| item.place.message_id.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    let writing = store.begin_writing()?;
    // Read under the lock: no text changes between this look at it and the commit.
    let known = query::vectors::known(&writing, &ids)?;
    let known: BTreeMap<&str, Vec<KnownMessage>> = ids.iter().map(String::as_str).zip(known).collect();
    let known: Vec<&[KnownMessage]> = items
        .iter()
        .map(|item| known.get(item.place.message_id.as_str()).map(Vec::as_slice).unwrap_or_default())
        .collect();
    index::index_vectors(&writing, model, items, &known)
}

/// The embedders of a handle, by the names of their models.
#[derive(Default)]
pub(super) struct Embedders {
    by_model: RwLock<BTreeMap<String, Arc<dyn Embedder>>>,
}

impl Embedders {
    fn of(&self, model: &str) -> Result<Arc<dyn Embedder>> {
        let found = self.by_model.read().get(model).cloned();
        found.ok_or_else(|| Error::NotFound { what: Subject::Embedder, name: model.to_owned() })
    }

    /// The embedder that is meant if no model is named. If one is needed, there must not be several.
    fn only_one(&self, is_needed: bool) -> Result<Option<Arc<dyn Embedder>>> {
        let embedders = self.by_model.read();
        if embedders.len() > 1 && is_needed {
            let names: Vec<&str> = embedders.keys().map(String::as_str).collect();
            return Err(Error::invalid("model", format!("is missing; there are embedders of {}", names.join(", "))));
        }
        Ok(embedders.values().next().filter(|_| embedders.len() == 1).cloned())
    }

    /// The query with its model and its vector, if an embedder can make them.
    pub(super) fn embedded(&self, query: &SearchQuery) -> Result<Option<SearchQuery>> {
        if query.mode.unwrap_or_default() == SearchMode::Text {
            return Ok(None);
        }
        let embedder = match &query.model {
            Some(model) => self.by_model.read().get(model).cloned(),
            None => self.only_one(query.vector.is_none())?,
        };
        let Some(embedder) = embedder else { return Ok(None) };
        let mut embedded = query.clone();
        embedded.model = Some(embedder.model().to_owned());
        if embedded.vector.is_none() {
            if query.query.trim().is_empty() {
                return Err(Error::invalid("query", "is empty; pass a text to embed, or a vector"));
            }
            embedded.vector = embed(embedder.as_ref(), &[query.query.as_str()])?.pop();
        }
        Ok(Some(embedded))
    }
}
