//! Iterating over a list, page by page.

use std::fmt;
use std::iter::FusedIterator;
use std::vec;

use super::{Han, Messages, Sessions};
use crate::error::Result;
use crate::model::{
    Message, MessageQuery, Page, PageRequest, Problem, ProblemFilter, SearchHit, SearchQuery, Session, SessionQuery,
};

/// How many items are read at once if the query does not say.
const LIST_PAGE: i64 = 1_000;
const SEARCH_PAGE: i64 = 100;

/// Reads one page.
type ReadPage<'a, T> = Box<dyn FnMut(&PageRequest) -> Result<Page<T>> + Send + 'a>;

/// The items of a list, one after another. They are read page by page, so that memory is bounded and no lock is held between two
/// of them; each page is a snapshot of its own. Nothing that stays in its place is yielded twice or left out.
///
/// `first` of the query is the size of a page, not a limit: use [`take`](Iterator::take) for one. With `last`, the list is walked
/// backwards, from its end on. `after` and `before` bound it. After an error the iterator ends.
///
/// ```
/// use han_native::Han;
/// use han_native::model::SessionQuery;
///
/// let han = Han::open_in_memory()?;
/// for session in han.sessions().iter(SessionQuery::default()).take(10) {
///     println!("{}", session?.id);
/// }
/// # Ok::<(), han_native::Error>(())
/// ```
#[must_use = "iterators are lazy"]
pub struct Items<'a, T> {
    read: ReadPage<'a, T>,
    /// The next page; `None` after the last one.
    request: Option<PageRequest>,
    items: vec::IntoIter<T>,
}

impl<T> fmt::Debug for Items<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Items").field("next", &self.request).finish_non_exhaustive()
    }
}

impl<'a, T> Items<'a, T> {
    fn new(
        mut request: PageRequest,
        size: i64,
        read: impl FnMut(&PageRequest) -> Result<Page<T>> + Send + 'a,
    ) -> Items<'a, T> {
        if request.first.is_none() && request.last.is_none() {
            request.first = Some(size);
        }
        Items { read: Box::new(read), request: Some(request), items: Vec::new().into_iter() }
    }

    /// Reads the next page; false if there is none.
    fn advance(&mut self) -> Result<bool> {
        let Some(mut request) = self.request.take() else { return Ok(false) };
        let is_backward = request.last.is_some();
        let mut page = (self.read)(&request)?;
        let (goes_on, cursor, edge) = match is_backward {
            false => (page.has_next_page, page.end_cursor.take(), &mut request.after),
            true => (page.has_previous_page, page.start_cursor.take(), &mut request.before),
        };
        if goes_on && cursor.is_some() {
            *edge = cursor;
            self.request = Some(request);
        }
        if is_backward {
            page.items.reverse();
        }
        self.items = page.items.into_iter();
        Ok(true)
    }
}

impl<T> Iterator for Items<'_, T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        loop {
            if let Some(item) = self.items.next() {
                return Some(Ok(item));
            }
            match self.advance() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<T> FusedIterator for Items<'_, T> {}

/// Puts the page of a request into a query.
macro_rules! set_page {
    ($query:ident, $request:ident) => {
        $query.first = $request.first;
        $query.last = $request.last;
        $query.after.clone_from(&$request.after);
        $query.before.clone_from(&$request.before);
    };
}

impl<'a> Sessions<'a> {
    /// All sessions of a query, page by page. The sessions that are active change their places in the order `recent`: one that is
    /// written to while the list is walked may be yielded again or missed.
    pub fn iter(&self, mut query: SessionQuery) -> Items<'a, Session> {
        let sessions = *self;
        query.with_total = false;
        Items::new(query.page(), LIST_PAGE, move |request| {
            set_page!(query, request);
            sessions.list(&query)
        })
    }
}

impl<'a> Messages<'a> {
    /// All messages of a query, page by page.
    ///
    /// ```
    /// # use han_native::Han;
    /// use han_native::model::MessageQuery;
    ///
    /// # let han = Han::open_in_memory()?;
    /// let query = MessageQuery { session_id: "7f3c".into(), only_errors: true, ..MessageQuery::default() };
    /// for message in han.messages().iter(query) {
    ///     println!("{}", message?.preview);
    /// }
    /// # Ok::<(), han_native::Error>(())
    /// ```
    pub fn iter(&self, mut query: MessageQuery) -> Items<'a, Message> {
        let messages = *self;
        query.with_total = false;
        Items::new(query.page(), LIST_PAGE, move |request| {
            set_page!(query, request);
            messages.list(&query)
        })
    }
}

impl Han {
    /// All hits of a [`search`](Han::search), page by page. Each page ranks them again, so that further pages cost as much as the
    /// first one.
    pub fn search_iter(&self, mut query: SearchQuery) -> Items<'_, SearchHit> {
        Items::new(query.page(), SEARCH_PAGE, move |request| {
            query.first = request.first;
            query.after.clone_from(&request.after);
            self.search(&query)
        })
    }

    /// All [`problems`](Han::problems) of a filter, page by page.
    pub fn problems_iter(&self, mut filter: ProblemFilter) -> Items<'_, Problem> {
        Items::new(filter.page(), LIST_PAGE, move |request| {
            set_page!(filter, request);
            self.problems(&filter)
        })
    }
}
