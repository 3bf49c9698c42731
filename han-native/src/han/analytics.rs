//! Dashboards and activity.

use super::Han;
#[cfg(doc)]
use crate::error::ErrorCode;
use crate::error::Result;
use crate::model::{Activity, AnalyticsFilter, Dashboard};
use crate::query;

impl Han {
    /// What was done on some days: sessions, messages, tokens, cost, changed lines, tools, hooks, agents; by model, by project,
    /// and the first and last sessions by cost and by messages. Read from sums: the time it takes depends on the days, not on the messages.
    ///
    /// ```
    /// use han_native::Han;
    /// use han_native::model::{AnalyticsFilter, TestMessage, TestSession};
    ///
    /// let han = Han::open_in_memory()?;
    /// # let made = han.testing().session(&TestSession {
    /// #     messages: vec![TestMessage::user("why does the build fail?"), TestMessage::assistant("a library is missing")],
    /// #     ..TestSession::default()
    /// # })?;
    /// let filter = AnalyticsFilter { time_zone: Some("Europe/Paris".into()), ..AnalyticsFilter::default() };
    /// let dashboard = han.dashboard(&filter)?;
    /// assert_eq!((dashboard.sessions, dashboard.prompts), (1, 1));
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for a bad day or time zone, or an end before the beginning. An unknown project is
    /// an empty answer.
    pub fn dashboard(&self, filter: &AnalyticsFilter) -> Result<Dashboard> {
        query::analytics::dashboard(&self.store, &self.prices, filter)
    }

    /// When something was done: by local day, and by hour of the clock.
    ///
    /// # Errors
    /// Those of [`dashboard`](Han::dashboard).
    pub fn activity(&self, filter: &AnalyticsFilter) -> Result<Activity> {
        query::analytics::activity(&self.store, &self.prices, filter)
    }

    /// The [`dashboard`](Han::dashboard) of all projects from a day on, in the database's own time zone; of all time if `None`
    /// is passed.
    ///
    /// # Errors
    /// Those of [`dashboard`](Han::dashboard).
    pub fn query_dashboard_aggregates(&self, since: Option<&str>) -> Result<Dashboard> {
        self.dashboard(&AnalyticsFilter { since: since.map(str::to_owned), ..AnalyticsFilter::default() })
    }
}
