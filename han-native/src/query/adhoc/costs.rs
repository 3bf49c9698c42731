//! The functions of the views that say what something cost, at the prices of the handle.

use std::sync::Arc;

use rusqlite::functions::Context;
use rusqlite::{Connection, OptionalExtension};

use super::answer::{Answer, FLAGS, failed};
use crate::cost::{Billing, Money, PriceTable, Rate};
use crate::model::TokenUsage;
use crate::query::analytics::{Pricing, session_bills};
use crate::store::rollups::{COLUMNS, QUARTER_HOUR, Sums, UNTIMED, day_of_quarter};
use crate::store::{Failure, time_zone};

/// A read on the connection that reads for functions.
type Ask<'a> = &'a mut dyn FnMut(&Connection) -> Answer<Option<f64>>;

/// Registers the functions with `target`; `read` runs reads on the connection that reads for them.
pub(super) fn register(
    target: &Connection,
    prices: &Arc<PriceTable>,
    read: impl Fn(Ask<'_>) -> Answer<Option<f64>> + Clone + Send + Sync + 'static,
) -> Result<(), Failure> {
    let add =
        |name: &str, arguments: i32, function: fn(&Connection, &PriceTable, &Context<'_>) -> Answer<Option<f64>>| {
            let (prices, read) = (Arc::clone(prices), read.clone());
            target.create_scalar_function(name, arguments, FLAGS, move |context| {
                read(&mut |source| function(source, &prices, context))
            })
        };
    add("session_cost", 1, session_cost)?;
    add("usage_cost", 9, usage_cost)?;
    add("day_cost", 3, day_cost)?;
    target.create_scalar_function("rate_name", 1, FLAGS, |context| {
        Ok(Rate::parse(&context.get::<Option<String>>(0)?.unwrap_or_default()).name())
    })?;
    Ok(())
}

/// `session_cost(row)`: what a session cost, as far as prices are known.
fn session_cost(source: &Connection, prices: &PriceTable, context: &Context<'_>) -> Answer<Option<f64>> {
    let Some(id) = context.get::<Option<i64>>(0)? else { return Ok(None) };
    let bills = session_bills(source, &mut Pricing::new(source, prices), &[id]).map_err(failed)?;
    Ok(Some(bills.get(&id).map_or(0.0, |bill| bill.whole().1.cost.dollars())))
}

/// `usage_cost(model, time, billing, ...)`: what an API message cost, with the six columns of its tokens; null if no price of
/// it is known.
fn usage_cost(source: &Connection, prices: &PriceTable, context: &Context<'_>) -> Answer<Option<f64>> {
    let token = |at: usize| context.get::<Option<i64>>(at).map(Option::unwrap_or_default);
    let tokens = TokenUsage {
        input_tokens: token(3)?,
        output_tokens: token(4)?,
        cache_read_tokens: token(5)?,
        cache_creation_tokens: token(6)?,
        cache_creation5m_tokens: token(7)?,
        cache_creation1h_tokens: token(8)?,
    };
    let model: Option<String> = source
        .prepare_cached("SELECT value FROM strings WHERE id = ?1")?
        .query_row([context.get::<Option<i64>>(0)?], |row| row.get(0))
        .optional()?;
    let day = match context.get::<Option<i64>>(1)? {
        None => None,
        Some(time) => {
            let zone = time_zone::stored(source).map_err(failed)?;
            Some(day_of_quarter(time.div_euclid(QUARTER_HOUR), &zone))
        }
    };
    let charges = Billing::parse(context.get::<Option<String>>(2)?.as_deref()).charges(model.as_deref(), tokens);
    let costs: Vec<Money> = charges.iter().filter_map(|charge| prices.cost(charge, day)).collect();
    Ok((!costs.is_empty()).then(|| costs.into_iter().sum::<Money>().dollars()))
}

/// `day_cost(day, project, model)`: what the sums of a day cost; null if no price is known.
fn day_cost(source: &Connection, prices: &PriceTable, context: &Context<'_>) -> Answer<Option<f64>> {
    let key: [Option<i64>; 3] = [context.get(0)?, context.get(1)?, context.get(2)?];
    let [Some(day), _, Some(model_id)] = key else { return Ok(None) };
    let mut statement = source.prepare_cached(&format!(
        "SELECT {} FROM rollups WHERE scope = 2 AND bucket = ?1 AND project_id = ?2 AND model_id = ?3",
        COLUMNS.join(", ")
    ))?;
    let Some(sums) = statement.query_row(key, |row| Sums::read(row, 0)).optional()? else { return Ok(None) };
    let day = (day != UNTIMED).then_some(day);
    let bill = Pricing::new(source, prices).bill_on(model_id, &sums, || day).map_err(failed)?;
    Ok((bill.is_whole() || bill.cost != Money::default()).then(|| bill.cost.dollars()))
}
