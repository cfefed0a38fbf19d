//! The incident `silent-skip`: a new version drops all events of one kind without a line.
//!
//! Invoice events go billing, bus, validator, renderer, mailer. From a deploy of the validator on, its
//! check takes one kind for invalid, returns, and logs nothing: no error anywhere, and nothing of that
//! kind is rendered until the deploy is taken back. Beside it stands a skip that is right, and logged:
//! customers who opted out.

use cast::{BILLING, BUS, Cast, KIND_WEIGHTS, KINDS, MAILER, PROD, RENDERER, STAGES, VALIDATOR};
use lines::Invoice;

use super::random::Random;
use super::script::{Cause, Onset, Script, Setting, Sign, Terms};
use super::trip::{Causes, FIRST, Pen, SECOND, THIRD, Trip};
use super::variant::Variant;
use crate::domain::time::Timestamp;
use crate::domain::verdict::Mark;

mod cast;
mod lines;

const DROPPED: usize = 0;

/// How many customers have opted out.
const OPTED_OUT: f64 = 0.04;

/// See the top of this file.
pub(super) struct SilentSkip {
    setting: Setting,
    cast: Cast,
    /// By environment and region, the log group of each stage.
    groups: Vec<Vec<usize>>,
    variant: Variant,
    end: Timestamp,
}

impl SilentSkip {
    pub(super) fn new(terms: &Terms) -> Self {
        let cast = Cast::new(terms);
        let (world, groups) = cast.world(terms);
        let (kind, version) = (KINDS[cast.dropped], cast.next);
        let cause = Cause {
            name: "kind-dropped",
            env: world.places[PROD].name,
            title: format!(
                "the validator {version} takes every {kind} for invalid, and drops it without a line"
            ),
            signs: vec![Sign::new(
                STAGES[VALIDATOR],
                &[("kind", kind), ("version", version)],
                Onset::At(cast.deployed.from),
            )],
        };
        let healthy = terms.variant == Variant::Healthy;
        Self {
            setting: Setting {
                world,
                traffic: Cast::traffic(terms),
                config: cast.config(),
                causes: if healthy { Vec::new() } else { vec![cause] },
            },
            cast,
            groups,
            variant: terms.variant,
            end: terms.span.to,
        }
    }

    fn invoice(&self, random: &mut Random) -> Invoice {
        let ids = self.cast.ids;
        Invoice {
            company: self.cast.company,
            id: ids.make(random),
            event: ids.make(random),
            document: ids.make(random),
            request: random.uuid(),
            kind: KINDS[random.weighted(&KIND_WEIGHTS)],
            customer: random.between(1_000, 9_999),
            cents: random.between(100, 250_000),
        }
    }

    /// Billing and bus.
    fn emit(trip: &mut Trip<'_>, invoice: &Invoice, groups: &[usize]) {
        let node = trip.any(groups[BILLING]);
        trip.sight(node, Mark::Enter, FIRST, |pen| lines::emitted(pen, invoice));
        trip.wait(30.0, 0.5);
        trip.sight(node, Mark::Exit, FIRST | SECOND, |pen| {
            lines::put(pen, invoice)
        });
        trip.wait(120.0, 0.5);
        let node = trip.any(groups[BUS]);
        trip.sight(node, Mark::Enter, FIRST | SECOND, |pen| {
            lines::bus(pen, invoice)
        });
        trip.wait(90.0, 0.6);
    }

    /// The validator; whether the invoice goes on.
    fn validate(&self, trip: &mut Trip<'_>, invoice: &Invoice, groups: &[usize]) -> bool {
        let began = trip.now;
        let node = trip.any(groups[VALIDATOR]);
        let new = self.setting.world.nodes[node].version == self.cast.next;
        trip.mutter(node, |_| {
            lines::started(invoice, if new { "42" } else { "41" })
        });
        trip.wait(2.0, 0.4);
        trip.sight(node, Mark::Enter, SECOND, |pen| {
            lines::validator(pen, invoice, "received", "")
        });
        trip.wait(14.0, 0.5);
        let concerned = trip.place == PROD && invoice.kind == KINDS[self.cast.dropped] && new;
        let dropped = concerned && trip.meets(DROPPED);
        let opted_out = trip.random.chance(OPTED_OUT);
        if dropped {
            trip.cause = Some(DROPPED);
        } else if opted_out {
            trip.sight(node, Mark::Skip, SECOND, |pen| {
                lines::validator(pen, invoice, "skipped", " reason=customer-opted-out")
            });
        } else {
            trip.sight(node, Mark::Exit, SECOND, |pen| {
                lines::validator(pen, invoice, "accepted", "")
            });
        }
        trip.wait(2.0, 0.4);
        trip.mutter(node, |_| lines::ended(invoice));
        let (ms, memory) = (trip.now.since(began), trip.random.between(92, 110));
        trip.mutter(node, |_| lines::report(invoice, ms, memory));
        !dropped && !opted_out
    }

    fn render(&self, trip: &mut Trip<'_>, invoice: &Invoice, groups: &[usize]) {
        trip.wait(200.0, 0.6);
        // One that waits at the end could not be told from a lost one.
        let slow = if self.variant == Variant::Healthy {
            0.02
        } else {
            0.001
        };
        if trip.random.chance(slow) && self.end.since(trip.now) > 30 * 60_000 {
            trip.wait_between(60_000, 200_000);
        }
        let node = trip.any(groups[RENDERER]);
        trip.sight(node, Mark::Enter, SECOND, |pen| {
            lines::renderer(pen, invoice, "render started", "")
        });
        trip.wait(1_800.0, 0.6);
        let bytes = trip.random.between(12_000, 480_000);
        let more = format!(r#","document_id":"{}","bytes":{bytes}"#, invoice.document);
        trip.sight(node, Mark::Exit, SECOND | THIRD, |pen| {
            lines::renderer(pen, invoice, "rendered", &more)
        });
    }

    fn mail(trip: &mut Trip<'_>, invoice: &Invoice, groups: &[usize]) {
        trip.wait(300.0, 0.5);
        let node = trip.any(groups[MAILER]);
        trip.sight(node, Mark::Enter, THIRD, |pen| {
            lines::mailer(pen, invoice, "queued")
        });
        if trip.random.chance(0.02) {
            trip.wait(900.0, 0.5);
            let what = "relay=mx.example.net, status=deferred (450 try again later)";
            trip.sight(node, Mark::Retry, THIRD, |pen| {
                lines::mailer(pen, invoice, what)
            });
            trip.wait_between(60_000, 240_000);
        }
        let ms = trip.wait(800.0, 0.6);
        let (whole, rest) = (ms / 1000, ms % 1000 / 100);
        let what = format!("relay=mx.example.net, delay={whole}.{rest}, status=sent (250 ok)");
        trip.sight(node, Mark::Exit, THIRD, |pen| {
            lines::mailer(pen, invoice, &what)
        });
    }
}

impl Script for SilentSkip {
    fn setting(&self) -> &Setting {
        &self.setting
    }

    fn travel(&self, trip: &mut Trip<'_>) {
        let of_env = &self.groups[trip.place];
        let region = trip.random.below((of_env.len() / STAGES.len()) as u64) as usize;
        let groups = &of_env[region * STAGES.len()..][..STAGES.len()];
        let invoice = self.invoice(&mut trip.random);
        trip.ids = vec![
            invoice.id.clone(),
            invoice.event.clone(),
            invoice.document.clone(),
        ];
        Self::emit(trip, &invoice, groups);
        if self.validate(trip, &invoice, groups) {
            self.render(trip, &invoice, groups);
            Self::mail(trip, &invoice, groups);
        }
    }

    fn hum(&self, pen: &Pen<'_>, random: &mut Random) -> Option<String> {
        lines::noise(pen, random)
    }

    fn speaks(&self, _: usize, _: Timestamp, _: Causes) -> bool {
        true
    }
}
