//! The case file: every page that was fetched, once, and what was asked; it resumes a run that was
//! killed, and opens again without network or credentials.
//!
//! It holds no credential and no conclusion: verdicts are found anew from what was read. Of all that
//! can happen to a file (a kill, a lost power, a full disk, a flipped bit) nothing may turn into
//! coverage without its pages.
//!
//! # Format, version 1
//!
//! Numbers are little-endian, times are milliseconds since 1970-01-01T00:00:00Z, lengths and offsets
//! are bytes. Checksums are CRC-32 (IEEE) that begin with `salt` in place of 0.
//!
//! ```text
//! header   0  magic     89 4C 53 43 41 53 45 0A        8 bytes
//!          8  version   1                              u32
//!         12  salt      by chance                      u32
//!         16  created   time                           i64
//!         24  checksum  of 0..24, salt 0               u32
//! record   0  sync      E7 72 65 63                    4 bytes
//!          4  kind      see `words`                    u16
//!          6  flags     1: the data are zstd           u16
//!          8  source    its number; FFFFFFFF: none     u32
//!         12  facts     length                         u32
//!         16  data      length as stored               u32
//!         20  full      length of the data, unpacked   u32
//!         24  checksum  of facts and data              u32
//!         28  checksum  of 0..28                       u32
//!         32  facts     JSON
//!             data      of a page: its log events as lines of JSON, as CloudWatch writes them
//! ```
//!
//! Records are only appended, each by one write, in the order in which things happened: a page
//! before whatever rests on it. A run begins with a question; a case may hold several runs. Kinds
//! below 32 belong to reading, those from 32 on to people: notes and pins ([`words::NOTE`]) and the secret
//! behind the pseudonyms of what is masked ([`words::SECRET`]), which may
//! stand anywhere, also behind the end of the last run. A kind that is not known is kept and passed
//! over, so that an older program reads a case with notes as if there were none.

pub mod append;
pub mod book;
pub mod contents;
pub mod folder;
pub mod format;
pub mod inputs;
pub mod kept;
pub mod note;
pub mod pages;
pub mod place;
pub mod repeats;
pub mod replay;
pub mod scan;
pub mod secret;
pub mod words;
