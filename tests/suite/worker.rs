//! The thread that asks the run: what it sends unasked, what it answers, and that it ends.

use std::sync::atomic::Ordering;

use lastseen::app::input::{Answer, Input, Question};
use lastseen::domain::view::{MessageHandle, MessageQuery};
use lastseen::runtime::worker::Worker;

use super::support::fake_answers::{END, FakeAnswers};

#[test]
fn the_picture_comes_unasked_and_answers_come_when_asked() {
    let (worker, inputs) = Worker::start(FakeAnswers::incident(), || END).unwrap();
    let first = inputs.recv_blocking().unwrap();
    assert!(matches!(first, Input::Answer(END, Answer::Overview(..))));

    let query = MessageQuery {
        limit: 5,
        ..MessageQuery::default()
    };
    worker.ask(Question::Messages(query.clone()));
    let Input::Answer(_, Answer::Messages(asked, page)) = inputs.recv_blocking().unwrap() else {
        panic!("the list was asked for");
    };
    assert_eq!((asked, page.rows.len(), page.total), (query, 5, 1500));

    let gone = MessageHandle {
        node: u32::MAX,
        generation: 0,
    };
    worker.ask(Question::Lifecycle(gone));
    let answer = inputs.recv_blocking().unwrap();
    assert!(matches!(answer, Input::Answer(_, Answer::Lifecycle(h, None)) if h == gone));

    drop(worker);
    assert!(inputs.recv_blocking().is_err(), "the thread ends with it");
}

#[test]
fn time_passes_while_something_loads_and_the_load_can_be_cancelled() {
    let answers = std::sync::Arc::new(FakeAnswers::loading());
    let run = std::sync::Arc::clone(&answers);
    let (worker, inputs) = Worker::start(run, || END).unwrap();
    let _overview = inputs.recv_blocking().unwrap();
    assert!(matches!(inputs.recv_blocking().unwrap(), Input::Tick(END)));
    worker.stop_load();
    // The next tick comes from behind the cancelling.
    let _maybe_before = inputs.recv_blocking().unwrap();
    let _behind = inputs.recv_blocking().unwrap();
    assert!(answers.stopped.load(Ordering::Relaxed));
}
