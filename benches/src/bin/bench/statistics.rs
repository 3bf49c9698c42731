//! Percentiles of a few measured values.

use std::time::Duration;

/// Measured values, in order.
#[derive(Debug, Clone)]
pub(crate) struct Sample(Vec<f64>);

impl Sample {
    /// At least one value.
    pub(crate) fn new(mut values: Vec<f64>) -> Sample {
        assert!(!values.is_empty(), "nothing was measured");
        values.sort_by(f64::total_cmp);
        Sample(values)
    }

    /// In milliseconds.
    pub(crate) fn of_durations(durations: &[Duration]) -> Sample {
        Sample::new(durations.iter().map(|duration| duration.as_secs_f64() * 1_000.0).collect())
    }

    /// The least value that `share` of all values do not exceed.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        let rank = (share * self.0.len() as f64).ceil() as usize;
        self.0[rank.clamp(1, self.0.len()) - 1]
    }

    pub(crate) fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    pub(crate) fn least(&self) -> f64 {
        self.0[0]
    }

    pub(crate) fn greatest(&self) -> f64 {
        self.0[self.0.len() - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::Sample;

    #[test]
    fn quantiles_are_values_that_were_measured() {
        let sample = Sample::new((1..=100).rev().map(f64::from).collect());
        assert_eq!((sample.least(), sample.median(), sample.greatest()), (1.0, 50.0, 100.0));
        assert_eq!(sample.quantile(0.99), 99.0);
        assert_eq!(Sample::new(vec![3.0]).quantile(0.99), 3.0);
    }
}
