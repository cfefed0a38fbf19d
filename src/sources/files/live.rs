//! Reads what may make its reader wait (standard input, a pipe) on a thread of its own, so that
//! waiting never keeps a stop from being heard.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::sources::channel::Feed;

/// What came within this time is passed on, be it much or little.
const PATIENCE: Duration = Duration::from_millis(250);
/// How soon a stop is heard.
const SLICE: Duration = Duration::from_millis(25);
const BLOCK: usize = 256 << 10;

/// A reader that answers `WouldBlock` now and then instead of waiting for ever, and ends when the
/// feed is stopped.
pub struct Live {
    feed: Feed,
    blocks: Receiver<io::Result<Vec<u8>>>,
    ready: Vec<u8>,
    given: usize,
    since: Option<Instant>,
    /// Before this many bytes were given, it waits as long as it takes.
    steady: usize,
}

impl Live {
    /// Reads what `open` opens; both happen on another thread, which ends with its input.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn new<R: Read, F>(feed: &Feed, open: F) -> io::Result<Self>
    where
        F: FnOnce() -> io::Result<R> + Send + 'static,
    {
        let (sender, blocks) = sync_channel(8);
        thread::Builder::new()
            .name("input".to_owned())
            .spawn(move || match open() {
                Ok(input) => pump(input, &sender),
                // Nobody is left to hear of it once the receiver is gone.
                Err(error) => drop(sender.send(Err(error))),
            })?;
        Ok(Self {
            feed: feed.clone(),
            blocks,
            ready: Vec::new(),
            given: 0,
            since: None,
            steady: 8,
        })
    }
}

fn pump<R: Read>(mut input: R, sender: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut block = vec![0; BLOCK];
        let result = match input.read(&mut block) {
            Ok(0) => return,
            Ok(len) => {
                block.truncate(len);
                Ok(block)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let failed = result.is_err();
        if sender.send(result).is_err() || failed {
            return;
        }
    }
}

impl Read for Live {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let since = *self.since.get_or_insert_with(Instant::now);
        while self.given == self.ready.len() {
            if self.feed.is_stopped() {
                return Ok(0);
            }
            match self.blocks.recv_timeout(SLICE) {
                Ok(block) => {
                    self.ready = block?;
                    self.given = 0;
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
                Err(RecvTimeoutError::Timeout) if self.steady > 0 => {}
                Err(RecvTimeoutError::Timeout) => {
                    if since.elapsed() >= PATIENCE {
                        self.since = None;
                        return Err(io::ErrorKind::WouldBlock.into());
                    }
                }
            }
        }
        if self.steady == 0 && since.elapsed() >= PATIENCE {
            self.since = None;
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let ready = &self.ready[self.given..];
        let len = ready.len().min(into.len());
        into[..len].copy_from_slice(&ready[..len]);
        self.given += len;
        self.steady = self.steady.saturating_sub(len);
        Ok(len)
    }
}
