//! Times as records write them.

use crate::model::Timestamp;
use crate::transcript::record::Raw;

/// 1970-01-01 to 2199-12-31: what lies outside is a mistake of the writer, and would order sessions wrongly forever.
const PLAUSIBLE: std::ops::Range<i64> = 0..7_258_118_400_000;

/// Numbers below this are seconds, others milliseconds.
const LEAST_MILLIS: f64 = 1e11;

/// Milliseconds since 1970 of an RFC 3339 text (UTC where it names no zone), or of a number of seconds or milliseconds.
pub(super) fn read(time: Raw<'_>) -> Option<i64> {
    let label = time.label()?;
    let millis = match written_as_usual(label.as_bytes()) {
        Some(millis) => millis,
        None => match label.parse::<f64>() {
            Ok(number) if number.abs() < LEAST_MILLIS => (number * 1000.0) as i64,
            // A text may say "NaN", too, which is not a time.
            Ok(number) if number.is_finite() => number as i64,
            Ok(_) => return None,
            Err(_) => label.parse::<Timestamp>().ok()?.0,
        },
    };
    PLAUSIBLE.contains(&millis).then_some(millis)
}

/// The form that practically every record has: `2026-01-31T08:15:00.250Z`.
fn written_as_usual(text: &[u8]) -> Option<i64> {
    let [
        y1,
        y2,
        y3,
        y4,
        b'-',
        mo1,
        mo2,
        b'-',
        d1,
        d2,
        b'T',
        h1,
        h2,
        b':',
        m1,
        m2,
        b':',
        s1,
        s2,
        b'.',
        f1,
        f2,
        f3,
        b'Z',
    ] = text
    else {
        return None;
    };
    let year = number(&[*y1, *y2, *y3, *y4])?;
    let (month, day) = (number(&[*mo1, *mo2])?, number(&[*d1, *d2])?);
    let (hour, minute, second) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?, number(&[*s1, *s2])?);
    // Days that not every month has, and leap seconds, are left to the full parser.
    if !(1970..2200).contains(&year) || !(1..=12).contains(&month) || !(1..=28).contains(&day) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(seconds * 1_000 + number(&[*f1, *f2, *f3])?)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0')))
}

/// Counts in years that begin in March, so that the leap day is the last of its year.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let march_year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    march_year * 365 + march_year / 4 - march_year / 100 + march_year / 400 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_json(json: &str) -> Option<i64> {
        read(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn times_of_every_form_are_read() {
        let cases = [
            (r#""2026-01-31T08:15:00.250Z""#, Some(1_769_847_300_250)),
            (r#""2024-02-29T23:59:59.999Z""#, Some(1_709_251_199_999)),
            (r#""2024-03-01T00:00:00.000Z""#, Some(1_709_251_200_000)),
            (r#""1970-01-01T00:00:00.000Z""#, Some(0)),
            (r#""2026-01-31T08:15:00Z""#, Some(1_769_847_300_000)),
            (r#""2026-01-31T10:15:00.25+02:00""#, Some(1_769_847_300_250)),
            (r#""2026-01-31T08:15:00""#, Some(1_769_847_300_000)),
            (r#""2026-01-31 08:15:00.5""#, Some(1_769_847_300_500)),
            ("1769847300", Some(1_769_847_300_000)),
            ("1769847300.25", Some(1_769_847_300_250)),
            ("1769847300250", Some(1_769_847_300_250)),
            (r#""2026-02-31T08:15:00.250Z""#, None),
            (r#""0001-01-01T00:00:00.000Z""#, None),
            (r#""9999-01-01T00:00:00.000Z""#, None),
            (r#""yesterday""#, None),
            (r#""""#, None),
            ("1e999", None),
            (r#""NaN""#, None),
            (r#""-inf""#, None),
            ("null", None),
            ("{}", None),
        ];
        for (json, expected) in cases {
            assert_eq!(read_json(json), expected, "{json}");
        }
    }

    #[test]
    fn the_fast_form_agrees_with_the_full_parser_on_every_month() {
        for year in [1970, 1999, 2000, 2024, 2026, 2100, 2199] {
            for month in 1..=12 {
                for day in [1, 28] {
                    let text = format!("{year}-{month:02}-{day:02}T12:34:56.789Z");
                    let full = text.parse::<Timestamp>().unwrap().0;
                    assert_eq!(written_as_usual(text.as_bytes()), Some(full), "{text}");
                }
            }
        }
    }
}
