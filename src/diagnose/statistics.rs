//! The statistics behind findings: is a difference more than chance, and how sure is a rate.
//!
//! Numbers in, numbers out. Distributions come from a library; the source of each method stands
//! beside it.

use statrs::distribution::{ChiSquared, ContinuousCDF, DiscreteCDF, Hypergeometric};

/// Two groups, each in two parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Table {
    /// Lost, with the property.
    pub lost_with: u64,
    /// Lost, all.
    pub lost: u64,
    /// Kept, with the property.
    pub kept_with: u64,
    /// Kept, all.
    pub kept: u64,
}

/// Below this an expected count is too small for the approximation of G by chi-squared (Cochran,
/// "Some methods for strengthening the common chi-squared tests", Biometrics 10, 1954).
const SMALL: f64 = 5.0;

impl Table {
    /// All that have the property.
    #[must_use]
    pub const fn with(&self) -> u64 {
        self.lost_with + self.kept_with
    }

    /// How large a share of those with the property is lost.
    #[must_use]
    pub fn rate_with(&self) -> f64 {
        share(self.lost_with, self.with())
    }

    /// The same of those without it.
    #[must_use]
    pub fn rate_without(&self) -> f64 {
        let lost = self.lost - self.lost_with;
        share(lost, lost + self.kept - self.kept_with)
    }

    /// The statistic G of the likelihood-ratio test of independence (Wilks 1938; Sokal and Rohlf,
    /// "Biometry"), with the sign of the association: above zero where the lost have it more often.
    #[must_use]
    pub fn g(&self) -> f64 {
        let all = (self.lost + self.kept) as f64;
        let part = |observed: u64, row: u64, column: u64| {
            if observed == 0 {
                return 0.0;
            }
            let expected = row as f64 * column as f64 / all;
            observed as f64 * (observed as f64 / expected).ln()
        };
        let (with, without) = (self.with(), self.lost + self.kept - self.with());
        let g = 2.0
            * (part(self.lost_with, self.lost, with)
                + part(self.lost - self.lost_with, self.lost, without)
                + part(self.kept_with, self.kept, with)
                + part(self.kept - self.kept_with, self.kept, without));
        if self.rate_with() >= self.rate_without() {
            g.max(0.0)
        } else {
            -g
        }
    }

    /// The chance to see at least so many of the lost with the property if it made no difference:
    /// Fisher's exact test (one-sided; "The Design of Experiments", 1935) where a count is small,
    /// else that of G, which is chi-squared with one degree of freedom.
    #[must_use]
    pub fn chance(&self) -> f64 {
        let all = self.lost + self.kept;
        let least = (self.lost.min(self.kept) as f64) * (self.with().min(all - self.with()) as f64)
            / (all.max(1) as f64);
        if least < SMALL {
            return self.fisher();
        }
        let g = self.g();
        if g <= 0.0 {
            return 1.0;
        }
        ChiSquared::new(1.0).map_or(1.0, |chi| chi.sf(g) / 2.0)
    }

    fn fisher(&self) -> f64 {
        if self.lost_with == 0 {
            return 1.0;
        }
        Hypergeometric::new(self.lost + self.kept, self.with(), self.lost)
            .map_or(1.0, |drawn| drawn.sf(self.lost_with - 1))
    }
}

/// A part of a whole; 0 of nothing.
#[must_use]
pub fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// How far the log-likelihood may fall below its maximum within a 99 % interval for the place of a
/// change: half of 10.59, the critical value of Hansen, "Sample splitting and threshold estimation",
/// Econometrica 68, 2000 (the statistic is not chi-squared: its tail is (1 - exp(-x/2))^2).
pub const LIKELY_99: f64 = 5.295;
