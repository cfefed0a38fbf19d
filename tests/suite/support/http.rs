//! The least HTTP/1.1 that a scripted server needs: a request in, a response (or less) out.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};

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

/// What goes out.
pub(crate) enum Response {
    /// Everything.
    Whole(u16, String),
    /// The head, and half of the body it announces; then the connection breaks.
    Half(u16, String),
    /// Nothing, until the other side gives up.
    Nothing,
}

impl Response {
    /// Writes it; `false` when the connection is over.
    pub(crate) fn write(&self, stream: &mut TcpStream) -> io::Result<bool> {
        match self {
            Self::Whole(status, body) => {
                stream.write_all(head(*status, body).as_bytes())?;
                stream.write_all(body.as_bytes())?;
                Ok(true)
            }
            Self::Half(status, body) => {
                stream.write_all(head(*status, body).as_bytes())?;
                stream.write_all(&body.as_bytes()[..body.len() / 2])?;
                stream.shutdown(Shutdown::Both)?;
                Ok(false)
            }
            Self::Nothing => {
                let mut rest = Vec::new();
                stream.read_to_end(&mut rest)?;
                Ok(false)
            }
        }
    }
}

fn head(status: u16, body: &str) -> String {
    let kind = if body.starts_with('<') {
        "text/xml"
    } else {
        "application/x-amz-json-1.1"
    };
    format!(
        "HTTP/1.1 {status} Scripted\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
}
