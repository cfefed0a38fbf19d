//! Chains of pages against a brute-force service: whatever is cut, begun again or taken up by
//! another run, every event is read once, and what is called certain was read.

use std::collections::BTreeSet;

use lastseen::domain::time::{Span, Timestamp};
use lastseen::sources::cloudwatch::ids::Hasher;
use lastseen::sources::cloudwatch::walk::{Step, Walk};
use proptest::prelude::*;

/// A time and a number that makes an id.
type Event = (i64, usize);

struct Service {
    /// In order.
    events: Vec<Event>,
    page: usize,
}

impl Service {
    /// A page of what was asked for first, and where it goes on.
    fn page(&self, asked: Span, from: usize) -> (Vec<Event>, Option<usize>) {
        let inside = |e: &&Event| asked.contains(Timestamp(e.0));
        let mut rest = self.events.iter().filter(inside).skip(from).copied();
        let page: Vec<Event> = rest.by_ref().take(self.page).collect();
        let next = from + page.len();
        (page, rest.next().map(|_| next))
    }
}

fn id(event: &Event) -> String {
    format!("{:056}", event.1)
}

/// What a run keeps of a piece.
struct Chain {
    walk: Walk,
    /// What the present chain asked for first.
    asked: Span,
    position: usize,
    pages: Vec<Vec<(Timestamp, u64)>>,
}

/// One decision of a schedule.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Page,
    Empty,
    Before,
    Expired,
    /// Give away what comes after this part of the rest.
    Cut(u8),
    /// Another run takes it up.
    Resume,
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let turn = prop_oneof![
        6 => Just(Turn::Page),
        1 => Just(Turn::Empty),
        1 => Just(Turn::Before),
        1 => Just(Turn::Expired),
        2 => any::<u8>().prop_map(Turn::Cut),
        1 => Just(Turn::Resume),
    ];
    prop::collection::vec(turn, 0..60)
}

struct Run<'a> {
    service: &'a Service,
    hasher: Hasher,
    read: Vec<Event>,
    windows: Vec<Span>,
    tokens: usize,
}

impl Run<'_> {
    /// Takes a page in; what of it is new is read.
    fn take(&mut self, chain: &mut Chain, page: &[Event], next: Option<usize>) -> Step {
        let mut kept = Vec::new();
        for event in page {
            let (id, time) = (id(event), Timestamp(event.0));
            if chain.walk.owns(Some(&id), time) && chain.walk.admit(Some(&id), time) {
                self.read.push(*event);
                kept.push((time, self.hasher.of(&id)));
            }
        }
        self.tokens += 1;
        let step = chain.walk.turn(next.map(|_| self.tokens.to_string()));
        chain.pages.push(kept);
        chain.position = next.unwrap_or(0);
        step
    }

    fn begin(&self, window: Span) -> Chain {
        Chain {
            walk: Walk::hashed(window, self.hasher.clone()),
            asked: window,
            position: 0,
            pages: Vec::new(),
        }
    }

    /// The same chain in another run: only what was kept is known.
    fn resume(&self, chain: Chain) -> Chain {
        let mut walk = Walk::hashed(chain.walk.window(), self.hasher.clone());
        walk.resume(&chain.walk.after(Step::More));
        for page in &chain.pages {
            walk.remember(page);
        }
        Chain { walk, ..chain }
    }

    fn check(&self, chain: &Chain) {
        let read: BTreeSet<Event> = self.read.iter().copied().collect();
        assert_eq!(read.len(), self.read.len(), "an event was read twice");
        if let Some(certain) = chain.walk.certain() {
            let missing = self.service.events.iter();
            let missing = missing.filter(|e| certain.contains(Timestamp(e.0)) && !read.contains(e));
            assert_eq!(missing.count(), 0, "certain without having been read");
        }
    }

    fn piece(&mut self, window: Span, turns: &mut impl Iterator<Item = Turn>) -> Vec<Span> {
        let mut chain = self.begin(window);
        let mut given_away = Vec::new();
        while !chain.walk.is_over() {
            let fresh = chain.walk.token().is_none();
            if fresh {
                chain.asked = chain.walk.span();
                chain.position = 0;
            }
            let (page, next) = self.service.page(chain.asked, chain.position);
            let step = match turns.next() {
                Some(Turn::Empty) if !fresh => {
                    let position = chain.position;
                    self.take(&mut chain, &[], Some(position))
                }
                Some(Turn::Before) if !fresh => {
                    let position = chain.position;
                    let before = position.saturating_sub(self.service.page);
                    let (again, _) = self.service.page(chain.asked, before);
                    self.take(&mut chain, &again, Some(position))
                }
                Some(Turn::Expired) if !fresh => chain.walk.expired(),
                Some(Turn::Cut(part)) => {
                    if let Some(rest) = chain.walk.rest() {
                        let length = rest.to.since(rest.from) + 1;
                        let to = rest.from.plus(length * i64::from(part) / 256 - 1);
                        chain.walk.cut(to);
                        given_away.push(Span::new(to.plus(1), rest.to));
                    }
                    continue;
                }
                Some(Turn::Resume) => {
                    chain = self.resume(chain);
                    continue;
                }
                _ => self.take(&mut chain, &page, next),
            };
            self.check(&chain);
            match step {
                Step::More => {}
                Step::Done => break,
                Step::Broken(why) => panic!("{why}"),
            }
        }
        self.windows.push(chain.walk.window());
        given_away
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn every_event_is_read_once_whatever_happens(
        times in prop::collection::vec(0_i64..60, 0..60),
        page in 1_usize..7,
        turns in turns(),
    ) {
        let mut events: Vec<Event> = times.into_iter().zip(0..).collect();
        events.sort_unstable();
        let service = Service { events, page };
        let mut run = Run {
            service: &service,
            hasher: Hasher::default(),
            read: Vec::new(),
            windows: Vec::new(),
            tokens: 0,
        };
        let whole = Span::new(Timestamp(5), Timestamp(50));
        // So many pages bring only repeats before a service counts as broken.
        let mut repeats = 0;
        let mut turns = turns.into_iter().filter(|turn| {
            repeats = if matches!(turn, Turn::Page | Turn::Cut(_) | Turn::Resume) { 0 } else { repeats + 1 };
            repeats < 3
        });
        let mut left = vec![whole];
        while let Some(window) = left.pop() {
            left.extend(run.piece(window, &mut turns));
        }
        let mut read = run.read.clone();
        read.sort_unstable();
        let truth = service.events.iter().filter(|e| whole.contains(Timestamp(e.0)));
        prop_assert_eq!(read, truth.copied().collect::<Vec<_>>());
        for time in (0..60).map(Timestamp) {
            let owners = run.windows.iter().filter(|w| w.contains(time)).count();
            prop_assert_eq!(owners, usize::from(whole.contains(time)));
        }
    }
}

#[test]
fn what_another_piece_has_read_is_left_out_and_is_no_repeat() {
    let hasher = Hasher::default();
    let mut walk = Walk::hashed(Span::new(Timestamp(0), Timestamp(100)), hasher.clone());
    for id in ["a", "b", "c", "d", "e", "f"] {
        walk.exclude(hasher.of(id));
    }
    // More pages of them than a service may repeat.
    for (number, id) in ["a", "b", "c", "d", "e", "f"].iter().enumerate() {
        assert!(!walk.owns(Some(id), Timestamp(number as i64)));
        assert_eq!(walk.turn(Some(number.to_string())), Step::More);
    }
    assert_eq!(walk.certain(), Some(Span::new(Timestamp(0), Timestamp(4))));
    assert!(walk.owns(Some("a"), Timestamp(6)));
    assert!(
        !walk.admit(Some("a"), Timestamp(6)),
        "but the second time it is"
    );
    assert!(walk.owns(None, Timestamp(7)));
}

#[test]
fn a_cut_piece_ends_at_the_first_event_beyond_it() {
    let mut walk = Walk::new(Span::new(Timestamp(0), Timestamp(100)));
    for time in [10, 20] {
        walk.owns(None, Timestamp(time));
        walk.admit(None, Timestamp(time));
    }
    assert_eq!(walk.turn(Some("t".to_owned())), Step::More);
    assert_eq!(walk.rest(), Some(Span::new(Timestamp(21), Timestamp(100))));
    walk.cut(Timestamp(60));
    assert_eq!(
        walk.span().to,
        Timestamp(100),
        "a token is asked with what it was given for"
    );
    assert!(walk.owns(None, Timestamp(60)));
    walk.admit(None, Timestamp(60));
    assert!(!walk.owns(None, Timestamp(61)));
    assert_eq!(walk.turn(Some("u".to_owned())), Step::Done);
    assert_eq!(walk.rest(), None);
}

#[test]
fn pages_out_of_order_are_read_to_their_last() {
    let mut walk = Walk::new(Span::new(Timestamp(0), Timestamp(100)));
    walk.admit(None, Timestamp(20));
    assert_eq!(walk.turn(Some("t".to_owned())), Step::More);
    walk.cut(Timestamp(60));
    assert!(!walk.owns(None, Timestamp(70)));
    assert!(walk.owns(None, Timestamp(30)), "late, but ours");
    walk.admit(None, Timestamp(30));
    assert_eq!(
        walk.turn(Some("u".to_owned())),
        Step::More,
        "more may be late"
    );
    assert_eq!(walk.certain(), None);
    assert_eq!(walk.turn(None), Step::Done);
}
