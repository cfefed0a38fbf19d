//! Who asks what: a request as the script and the log see it.

use serde_json::Value;

use super::answers::Pages;
use super::estate;
use crate::support::http::Request;

/// One call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// From 0, over all calls. Which of two calls is first may depend on the machine: decide by
    /// [`attempt`](Self::attempt) where it matters.
    pub(crate) number: usize,
    /// `FilterLogEvents`, `DescribeLogGroups`, `GetCallerIdentity`, ...
    pub(crate) operation: String,
    /// The account that calls: the last twelve characters of the access key, if they are digits.
    pub(crate) account: String,
    pub(crate) region: String,
    /// The access key it was signed with.
    pub(crate) key: String,
    /// The account whose log group it is.
    pub(crate) owner: String,
    /// The log group, the prefix that is listed, or the role that is assumed.
    pub(crate) group: String,
    /// How many events of the asked span the token is past; `None` for a first page.
    pub(crate) position: Option<usize>,
    /// The asked span, both ends included.
    pub(crate) span: (i64, i64),
    /// The filter pattern; empty where there is none.
    pub(crate) pattern: String,
    /// How often exactly this was asked before.
    pub(crate) attempt: usize,
}

impl Call {
    pub(super) fn of(request: &Request, body: &Value, pages: &Pages) -> Self {
        // ... Credential=<key>/<day>/<region>/<service>/aws4_request, ...
        let mut signed = request.header("authorization").split('/');
        let key = signed.next().and_then(|k| k.rsplit('=').next());
        let region = signed.nth(1).unwrap_or_default().to_owned();
        let key = key.unwrap_or_default().to_owned();
        let account = estate::account_of(&key).to_owned();
        let text = |key: &str| body[key].as_str().unwrap_or_default();
        // arn:aws:logs:<region>:<account>:log-group:<name>
        let arn: Vec<&str> = text("logGroupIdentifier").splitn(7, ':').collect();
        let (owner, group) = match arn[..] {
            [_, _, _, _, owner, _, name] => (owner.to_owned(), name.to_owned()),
            [name] if !name.is_empty() => (account.clone(), name.to_owned()),
            _ => {
                let group = text("logGroupName").to_owned()
                    + text("logGroupNamePrefix")
                    + text("logGroupNamePattern");
                (account.clone(), group)
            }
        };
        let mut call = Self {
            number: 0,
            operation: String::new(),
            account,
            region,
            key,
            owner,
            group,
            position: pages.position(text("nextToken")),
            span: (
                body["startTime"].as_i64().unwrap_or(0),
                body["endTime"].as_i64().unwrap_or(i64::MAX),
            ),
            pattern: text("filterPattern").to_owned(),
            attempt: 0,
        };
        match request.header("x-amz-target").rsplit_once('.') {
            Some((_, operation)) => operation.clone_into(&mut call.operation),
            None => call.read_query(&String::from_utf8_lossy(&request.body)),
        }
        call
    }

    /// The query protocol: `Action=AssumeRole&RoleArn=...`.
    fn read_query(&mut self, query: &str) {
        for pair in query.split('&') {
            match pair.split_once('=') {
                Some(("Action", action)) => action.clone_into(&mut self.operation),
                Some(("RoleArn", role)) => {
                    self.group = role.replace("%3A", ":").replace("%2F", "/");
                }
                _ => {}
            }
        }
    }

    /// The same number for the same question, and another for any other.
    pub(crate) fn question(&self) -> u64 {
        let position = self.position.map_or(-1, |p| p as i64);
        let mut hash = Hash::new(0);
        for text in [
            &self.operation,
            &self.account,
            &self.region,
            &self.owner,
            &self.group,
            &self.pattern,
        ] {
            hash.text(text);
        }
        hash.number(self.span.0).number(self.span.1);
        hash.number(position).end()
    }
}

/// FNV-1a with a good end: the same in every run and on every machine.
pub(crate) struct Hash(u64);

impl Hash {
    pub(crate) fn new(seed: u64) -> Self {
        let mut hash = Self(0xcbf2_9ce4_8422_2325);
        hash.number(seed as i64);
        hash
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes()).bytes(&[0xff])
    }

    pub(crate) fn number(&mut self, number: i64) -> &mut Self {
        self.bytes(&number.to_le_bytes())
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self
    }

    /// The finalizer of SplitMix64.
    pub(crate) fn end(&self) -> u64 {
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
