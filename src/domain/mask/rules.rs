//! What is masked: kinds of secrets and personal data, and how each is known.

use std::ops::Range;

use regex::Regex;

use super::check;

/// A kind of what is masked; where two overlap, the earlier one names it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// What the user's own pattern means.
    Own,
    /// A private key in PEM form.
    PrivateKey,
    /// An access key of AWS, or its secret.
    AwsKey,
    /// A bearer token, a JWT, a vendor's token.
    Token,
    /// What a telling name stands before.
    Secret,
    /// User and password in a URL.
    Login,
    /// A bank account.
    Iban,
    /// A credit card.
    Card,
    /// An e-mail address.
    Email,
    /// An AWS account.
    Account,
    /// An IP address.
    Ip,
    /// A telephone number.
    Phone,
    /// Who somebody is, or where: what a telling name stands before.
    Person,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Own,
        Self::PrivateKey,
        Self::AwsKey,
        Self::Token,
        Self::Secret,
        Self::Login,
        Self::Iban,
        Self::Card,
        Self::Email,
        Self::Account,
        Self::Ip,
        Self::Phone,
        Self::Person,
    ];

    /// Its name in a pseudonym.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Own => "masked",
            Self::PrivateKey => "private-key",
            Self::AwsKey => "aws-key",
            Self::Token => "token",
            Self::Secret => "secret",
            Self::Login => "login",
            Self::Iban => "iban",
            Self::Card => "card",
            Self::Email => "email",
            Self::Account => "account",
            Self::Ip => "ip",
            Self::Phone => "phone",
            Self::Person => "person",
        }
    }

    /// The one way of writing a value of which there are several.
    #[must_use]
    pub fn canonical(self, value: &str) -> String {
        match self {
            Self::Email => value.to_lowercase(),
            // `ip-10-0-3-17` is a host's name for 10.0.3.17.
            Self::Ip => value
                .strip_prefix("ip-")
                .map_or_else(|| value.to_lowercase(), |rest| rest.replace('-', ".")),
            Self::Iban | Self::Card | Self::Phone => {
                let kept = value.chars().filter(|c| c.is_alphanumeric() || *c == '+');
                kept.collect::<String>().to_uppercase()
            }
            _ => value.to_owned(),
        }
    }
}

/// What a text is made of, counted once, so that most rules need not look at most texts.
pub struct Shape<'a> {
    text: &'a str,
    digits: usize,
    dots: usize,
    dashes: usize,
    colons: usize,
    equals: usize,
    at: bool,
}

/// Whether a name may stand before a value in it.
pub(super) const fn names_a_value(shape: &Shape<'_>) -> bool {
    shape.equals > 0 || shape.colons > 0
}

impl<'a> Shape<'a> {
    /// Counts.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let mut shape = Self {
            text,
            digits: 0,
            dots: 0,
            dashes: 0,
            colons: 0,
            equals: 0,
            at: false,
        };
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' => shape.digits += 1,
                b'.' => shape.dots += 1,
                b'-' => shape.dashes += 1,
                b':' => shape.colons += 1,
                b'=' => shape.equals += 1,
                b'@' => shape.at = true,
                _ => {}
            }
        }
        shape
    }
}

/// One way to know one kind. Group 1 of its pattern is what is masked, or all of it.
pub struct Rule {
    /// What it finds.
    pub kind: Kind,
    pattern: Regex,
    hint: fn(&Shape<'_>) -> bool,
    check: fn(&str) -> bool,
}

impl Rule {
    pub(super) fn new(
        kind: Kind,
        pattern: &str,
        hint: fn(&Shape<'_>) -> bool,
        check: fn(&str) -> bool,
    ) -> Result<Self, regex::Error> {
        Ok(Self {
            kind,
            pattern: Regex::new(pattern)?,
            hint,
            check,
        })
    }

    /// Whether it is worth to look.
    #[must_use]
    pub fn may_match(&self, shape: &Shape<'_>) -> bool {
        (self.hint)(shape)
    }

    /// Where it finds something.
    pub fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        let mut from = 0;
        std::iter::from_fn(move || {
            while let Some(captures) = self.pattern.captures_at(text, from) {
                let group = captures.iter().skip(1).flatten().next();
                let found = group.or_else(|| captures.get(0))?;
                if let Some(length) = self.longest(found.as_str()) {
                    // What stands behind it may be what must stand before the next; and what looks like
                    // a value may hold the name of another.
                    let span = found.start()..found.start() + length;
                    from = match self.kind {
                        Kind::Secret => span.start + first(found.as_str()),
                        _ => span.end,
                    };
                    return Some(span);
                }
                from = found.start() + first(found.as_str());
                if from > text.len() {
                    return None;
                }
            }
            None
        })
    }

    /// As much of what the pattern took as passes the check: it may have taken a word too many.
    fn longest(&self, found: &str) -> Option<usize> {
        if (self.check)(found) {
            return Some(found.len());
        }
        let bytes = found.as_bytes();
        let ends = (1..bytes.len()).rev().filter(|end| {
            !bytes[*end].is_ascii_alphanumeric() && bytes[end - 1].is_ascii_alphanumeric()
        });
        ends.into_iter()
            .filter(|end| found.is_char_boundary(*end))
            .find(|end| (self.check)(found.split_at(*end).0))
    }
}

/// The length of the first character; never 0, so that a search goes on.
fn first(text: &str) -> usize {
    text.chars().next().map_or(1, char::len_utf8)
}

/// A value behind a name: in quotes up to the closing one (or the end of what
/// was cut off), else up to a blank or a separator.
const VALUE: &str = r#"(?:"((?:[^"\\]|\\.)*)(?:"|\\?$)|'((?:[^'\\]|\\.)*)(?:'|\\?$)|((?:(?:bearer|basic|digest|token)[ \t\r\n]+)?(?:[^ \t\r\n,;&"'}\\]|\\[^"'])+))"#;

/// Names that tell a secret, whatever stands before them.
const TELLING: &str = r"passw(?:or)?d|passphrase|passcode|pwd|secret|token|api[_-]?key|access[_-]?key(?:[_-]?id)?|private[_-]?key|secret[_-]?key|authorization|x-amz-(?:credential|signature|security-token)";

/// Names that do so only as a whole, and where it is clear that they name a value.
const SHORT: &str =
    r"pass|auth|credentials?|signature|session[_-]?(?:id|key)|sid|pin|cvv|cvc|ssn|otp|sig";

const fn any(_: &str) -> bool {
    true
}

/// Every rule.
///
/// # Errors
/// When a pattern is none, which a test excludes.
pub fn all() -> Result<Vec<Rule>, regex::Error> {
    let telling =
        format!(r#"(?i)[A-Za-z0-9_.-]*(?:{TELLING})["']?[ \t\r\n]*(?:=>|[:=])[ \t\r\n]*{VALUE}"#);
    let short = format!(
        r#"(?i)(?:(?:^|[^a-z0-9])(?:{SHORT})[ \t\r\n]*=[ \t\r\n]*|["'](?:[A-Za-z0-9_.-]*[_.-])?(?:{SHORT})["'][ \t\r\n]*(?:=>|[:=])[ \t\r\n]*){VALUE}"#
    );
    let pair = format!(
        r#"(?i)["']?(?:name|key)["']?[ \t\r\n]*[:=][ \t\r\n]*["']?[A-Za-z0-9_.-]*(?:{TELLING})["']?[ \t\r\n]*,[ \t\r\n]*["']?value["']?[ \t\r\n]*[:=][ \t\r\n]*{VALUE}"#
    );
    let octet = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";
    let ipv4 = format!(
        r"(?:^|[^A-Za-z0-9_.])({octet}(?:\.{octet}){{3}})(?:$|[^A-Za-z0-9_.]|\.(?:$|[^0-9]))"
    );
    let host = format!(r"(?-u:\b)(ip-{octet}(?:-{octet}){{3}})(?-u:\b)");
    Ok([
        private_keys()?,
        tokens()?,
        vec![
            Rule::new(Kind::Secret, &telling, names_a_value, check::is_value)?,
            Rule::new(Kind::Secret, &short, names_a_value, check::is_value)?,
            Rule::new(Kind::Secret, &pair, names_a_value, check::is_value)?,
            Rule::new(
                Kind::Secret,
                r#"(?i)(?-u:\b)(?:set-)?cookie["']?[ \t\r\n]*[:=][ \t\r\n]*["']?([^\r\n"]+)"#,
                names_a_value,
                check::is_value,
            )?,
            Rule::new(
                Kind::Login,
                r#"://([^ \t\r\n/?#@"'<>]+(?::[^ \t\r\n/?#"'<>]*)?)@"#,
                |shape| shape.at,
                any,
            )?,
        ],
        numbers()?,
        vec![
            Rule::new(
                Kind::Email,
                r"[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+",
                |shape| shape.at,
                any,
            )?,
            Rule::new(Kind::Ip, &ipv4, |s| s.digits > 3 && s.dots > 2, any)?,
            Rule::new(Kind::Ip, &host, |s| s.digits > 3 && s.dashes > 3, any)?,
            Rule::new(
                Kind::Ip,
                r"(?:^|[^A-Za-z0-9_:.])([0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]*:[0-9A-Fa-f]{0,4}(?:[0-9.]{6,13}[0-9])?)(?:$|[^A-Za-z0-9_:])",
                |shape| shape.colons > 1,
                check::is_ipv6,
            )?,
        ],
    ]
    .into_iter()
    .flatten()
    .collect())
}

fn private_keys() -> Result<Vec<Rule>, regex::Error> {
    Ok(vec![Rule::new(
        Kind::PrivateKey,
        r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)",
        |shape| shape.text.contains("PRIVATE KEY"),
        any,
    )?])
}

fn tokens() -> Result<Vec<Rule>, regex::Error> {
    Ok(vec![
        Rule::new(
            Kind::AwsKey,
            r"(?-u:\b)((?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ABIA|ACCA)[A-Z2-7]{16})(?-u:\b)",
            |shape| shape.text.len() > 19,
            any,
        )?,
        Rule::new(
            Kind::AwsKey,
            r"(?:^|[^A-Za-z0-9/+=])([A-Za-z0-9/+]{40})(?:$|[^A-Za-z0-9/+=])",
            |shape| shape.text.len() > 39,
            check::is_secret_key,
        )?,
        Rule::new(
            Kind::Token,
            r"(?-u:\b)eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)*",
            |shape| shape.text.contains("eyJ"),
            any,
        )?,
        Rule::new(
            Kind::Token,
            r"(?i)(?-u:\b)(?:bearer|basic)[ \t\r\n]+([A-Za-z0-9._~+/=-]{8,})",
            |shape| shape.text.len() > 13,
            |text| text.bytes().any(|b| !b.is_ascii_lowercase()),
        )?,
        Rule::new(
            Kind::Token,
            r"(?-u:\b)(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeprs]-[A-Za-z0-9_-]{10,}|[sr]k_(?:live|test)_[A-Za-z0-9_]{10,}|AIza[A-Za-z0-9_-]{35}|npm_[A-Za-z0-9_]{30,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})",
            |shape| shape.text.len() > 15,
            any,
        )?,
    ])
}

fn numbers() -> Result<Vec<Rule>, regex::Error> {
    let account = |s: &Shape<'_>| s.digits > 11;
    Ok(vec![
        Rule::new(
            Kind::Iban,
            r"(?-u:\b)([A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)(?-u:\b)",
            |shape| shape.digits > 7,
            check::is_iban,
        )?,
        Rule::new(
            Kind::Card,
            r"(?:^|[^A-Za-z0-9_.-])([0-9](?:[ -]?[0-9]){12,18})(?:$|[^A-Za-z0-9_-])",
            |shape| shape.digits > 12,
            check::is_card,
        )?,
        Rule::new(
            Kind::Account,
            r"(?-u:\b)arn:aws[a-z-]*:[A-Za-z0-9_-]*:[A-Za-z0-9_-]*:([0-9]{12})(?-u:\b)",
            account,
            any,
        )?,
        Rule::new(
            Kind::Account,
            r#"(?i)account(?:[ _-]?(?:id|number|no))?["']?[ \t\r\n]*[:=]?[ \t\r\n]*["']?([0-9]{12})(?-u:\b)"#,
            account,
            any,
        )?,
        Rule::new(
            Kind::Account,
            r"(?:amazonaws\.com(?:\.cn)?/([0-9]{12})(?-u:\b)|(?-u:\b)([0-9]{12})\.dkr\.ecr)",
            account,
            any,
        )?,
        Rule::new(
            Kind::Phone,
            r"(?:^|[^A-Za-z0-9_+.-])(\+[1-9][0-9]{0,3}(?:[ ./-]?\(?[0-9]{1,5}\)?){2,6})(?:$|[^A-Za-z0-9_-])",
            |shape| shape.digits > 7,
            check::is_phone,
        )?,
        Rule::new(
            Kind::Phone,
            r"(?:^|[^A-Za-z0-9_.-])(\(?[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4})(?:$|[^A-Za-z0-9_-])",
            |shape| shape.digits > 9,
            check::is_phone,
        )?,
    ])
}
