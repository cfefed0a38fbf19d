//! The least HTTP/1.1 that a scripted server needs: a request in, a response (or less) out.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};

use chrono::DateTime;

/// One request.
pub(crate) struct Request {
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// As it came.
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The next request of a connection; `None` at its end.
    pub(crate) fn read(reader: &mut BufReader<TcpStream>) -> io::Result<Option<Self>> {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut headers = Vec::new();
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut request = Self {
            headers,
            body: Vec::new(),
        };
        let length = request.header("content-length").parse().unwrap_or(0);
        request.body.resize(length, 0);
        reader.read_exact(&mut request.body)?;
        Ok(Some(request))
    }

    /// A header's value, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map_or("", |(_, value)| value)
    }
}

/// How much of a response goes out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Extent {
    /// Everything.
    Whole,
    /// The head, and half of the body it announces; then the connection breaks.
    Half,
    /// The same half, and then nothing until the other side gives up.
    Stalled,
    /// Nothing, until the other side gives up.
    Nothing,
}

/// What goes out.
pub(crate) struct Response {
    pub(crate) status: u16,
    /// JSON, or XML when it begins with `<`.
    pub(crate) body: String,
    pub(crate) extent: Extent,
    /// What its `Date` says, in milliseconds; it has none where `None`.
    pub(crate) date: Option<i64>,
}

impl Response {
    /// All of it.
    pub(crate) fn whole(status: u16, body: String) -> Self {
        Self {
            status,
            body,
            extent: Extent::Whole,
            date: None,
        }
    }

    /// No more than this of it.
    pub(crate) fn only(self, extent: Extent) -> Self {
        Self { extent, ..self }
    }

    /// Writes it; `false` when the connection is over.
    pub(crate) fn write(&self, stream: &mut TcpStream) -> io::Result<bool> {
        let mut out = self.head();
        match self.extent {
            Extent::Whole => {
                out.push_str(&self.body);
                stream.write_all(out.as_bytes())?;
                Ok(true)
            }
            Extent::Half => {
                let body = self.body.as_bytes();
                stream.write_all(out.as_bytes())?;
                stream.write_all(&body[..body.len() / 2])?;
                stream.shutdown(Shutdown::Both)?;
                Ok(false)
            }
            Extent::Stalled => {
                let body = self.body.as_bytes();
                stream.write_all(out.as_bytes())?;
                stream.write_all(&body[..body.len() / 2])?;
                io::copy(stream, &mut io::sink())?;
                Ok(false)
            }
            Extent::Nothing => {
                io::copy(stream, &mut io::sink())?;
                Ok(false)
            }
        }
    }

    fn head(&self) -> String {
        let kind = if self.body.starts_with('<') {
            "text/xml"
        } else {
            "application/x-amz-json-1.1"
        };
        let mut head = format!(
            "HTTP/1.1 {} Scripted\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n",
            self.status,
            self.body.len()
        );
        if let Some(date) = self.date.and_then(DateTime::from_timestamp_millis) {
            let date = date.format("%a, %d %b %Y %H:%M:%S GMT");
            let _ = write!(head, "Date: {date}\r\n");
        }
        head.push_str("\r\n");
        head
    }
}
