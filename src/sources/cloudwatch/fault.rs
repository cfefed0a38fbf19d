//! What a failed call means: every failure is classified here, once, and nowhere else.
//!
//! The classification is a pure function of what the service answered. A [`Failure`] keeps only
//! text that is safe to show: error messages can quote signed requests and session tokens, so
//! those are left out and the rest is cut to one short line.

use std::error::Error;
use std::io;

use aws_sdk_cloudwatchlogs::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

/// What a failure means for whoever made the call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// Too many calls: wait, and ask again for as long as it takes.
    Throttled,
    /// The caller may not do this.
    Denied,
    /// There are no credentials to call with.
    CredentialsMissing,
    /// They were good once.
    CredentialsExpired,
    /// They were not accepted.
    CredentialsRejected,
    /// Nobody knows them where they were shown: they are wrong, or the region is not enabled.
    CredentialsUnknown,
    /// The region is not enabled for the account.
    RegionDisabled,
    /// The machine's clock is too far from the right time.
    ClockWrong,
    /// It does not exist.
    NotFound,
    /// The log group's class has no FilterLogEvents.
    InfrequentAccess,
    /// The page token is not good any more: begin a new chain.
    TokenExpired,
    /// It may work the next time.
    Transient,
    /// Anything else: it will not work the next time either.
    Other,
}

impl Class {
    /// Whether it is about whose credentials are used, and not about what for.
    #[must_use]
    pub const fn concerns_credentials(self) -> bool {
        matches!(
            self,
            Self::CredentialsMissing
                | Self::CredentialsExpired
                | Self::CredentialsRejected
                | Self::CredentialsUnknown
                | Self::ClockWrong
        )
    }

    /// Whether every further call for the same log group would fail in the same way.
    #[must_use]
    pub const fn is_final(self) -> bool {
        !matches!(
            self,
            Self::Throttled | Self::TokenExpired | Self::Transient | Self::Other
        )
    }
}

/// Whether there was an answer at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Silence {
    /// There was one, if only a part of it.
    Answered,
    /// There was a connection, but nothing came in time.
    NoAnswer,
    /// There was no connection.
    Unreachable,
}

/// A failed call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// What it means.
    pub class: Class,
    /// What was said, safe to show. May be empty.
    pub text: String,
    /// Whether anything was said.
    pub silence: Silence,
}

impl Failure {
    /// A failure that no call reported.
    #[must_use]
    pub fn new(class: Class, text: &str) -> Self {
        let secret = matches!(
            class,
            Class::CredentialsRejected | Class::CredentialsUnknown | Class::ClockWrong
        );
        Self {
            class,
            text: if secret { String::new() } else { plain(text) },
            silence: Silence::Answered,
        }
    }

    /// The same, with nobody having said it.
    #[must_use]
    pub fn with_silence(self, silence: Silence) -> Self {
        Self { silence, ..self }
    }

    /// Whether nobody answered.
    #[must_use]
    pub fn is_silence(&self) -> bool {
        self.silence != Silence::Answered
    }

    /// Whether there was nobody to ask.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        self.silence == Silence::Unreachable
    }

    /// What a call ended with.
    pub fn of_call<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        match error {
            SdkError::ServiceError(answer) => {
                let status = answer.raw().status().as_u16();
                let code = answer.err().code();
                let message = answer.err().message().unwrap_or_default();
                let class = classify(status, code, message);
                let text = match code {
                    Some(code) if message.is_empty() => code.to_owned(),
                    Some(code) => format!("{code}: {message}"),
                    None => format!("HTTP status {status}"),
                };
                Self::new(class, &text)
            }
            SdkError::TimeoutError(_) => {
                Self::new(Class::Transient, "no answer in time").with_silence(Silence::NoAnswer)
            }
            SdkError::ResponseError(_) => Self::new(
                Class::Transient,
                "the answer broke off or could not be read",
            ),
            SdkError::DispatchFailure(failure) => {
                if failure.is_timeout() {
                    Self::new(Class::Transient, "no connection in time")
                        .with_silence(Silence::Unreachable)
                } else if failure.is_io() {
                    Self::new(Class::Transient, &innermost(error))
                        .with_silence(Silence::Unreachable)
                } else {
                    Self::before_sending(error, Class::Transient)
                }
            }
            other => Self::before_sending(other, Class::Other),
        }
    }

    /// A call that never left: for want of credentials (they are renewed on the way), or else `class`.
    fn before_sending(error: &(dyn Error + 'static), class: Class) -> Self {
        let said = chain(error).join(": ").to_lowercase();
        if said.contains("credentials") && !said.contains("endpoint") {
            Self::of_credentials(error)
        } else {
            Self::new(class, &innermost(error))
        }
    }

    /// What looking for credentials ended with. The causes are private to the SDK, so their words
    /// are all there is to go by.
    pub fn of_credentials(error: &(dyn Error + 'static)) -> Self {
        let said = chain(error).join(": ");
        let lower = said.to_lowercase();
        let has = |word: &str| lower.contains(word);
        if says_the_clock(&lower) {
            return Self::new(Class::ClockWrong, "");
        }
        if has("accessdenied") {
            return Self::new(Class::Denied, &innermost(error));
        }
        if has("expired") || has("invalid_grant") || has("unauthorizedexception") {
            return Self::new(Class::CredentialsExpired, "the session has expired");
        }
        if has("invalidclienttokenid") || has("unrecognizedclient") {
            return Self::new(Class::CredentialsUnknown, "");
        }
        if has("signaturedoesnotmatch") {
            return Self::new(Class::CredentialsRejected, "");
        }
        if has("dispatch failure") {
            return Self::new(Class::Transient, &innermost(error));
        }
        // What an external credential process wrote may hold anything.
        let harmless = if has("stderr") {
            "the credential process failed".to_owned()
        } else if has("no credentials found in chain") {
            // The SDK lists every provider that was not set up, which is all of them.
            "none in the environment, in ~/.aws, or from this machine".to_owned()
        } else {
            innermost(error)
        };
        Self::new(Class::CredentialsMissing, &harmless)
    }
}

/// What an answer of the service means: from its HTTP status, error code and message.
#[must_use]
pub fn classify(status: u16, code: Option<&str>, message: &str) -> Class {
    match code.unwrap_or_default() {
        "ThrottlingException"
        | "Throttling"
        | "ThrottledException"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "RequestLimitExceeded"
        | "TooManyRequestsException"
        | "LimitExceededException"
        | "BandwidthLimitExceeded"
        | "SlowDown" => Class::Throttled,
        "AccessDeniedException" | "AccessDenied" | "UnauthorizedOperation" => Class::Denied,
        "OptInRequired" => Class::RegionDisabled,
        "ExpiredTokenException" | "ExpiredToken" | "TokenRefreshRequired" => {
            Class::CredentialsExpired
        }
        "RequestExpired" | "RequestTimeTooSkewed" => Class::ClockWrong,
        "InvalidSignatureException" | "SignatureDoesNotMatch"
            if says_the_clock(&message.to_lowercase()) =>
        {
            Class::ClockWrong
        }
        "UnrecognizedClientException" | "InvalidClientTokenId" => Class::CredentialsUnknown,
        "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "IncompleteSignature"
        | "IncompleteSignatureException"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "AuthFailure" => Class::CredentialsRejected,
        "ResourceNotFoundException" => Class::NotFound,
        "InvalidOperationException" if names_the_log_class(message) => Class::InfrequentAccess,
        "InvalidParameterException" if message.to_lowercase().contains("token") => {
            Class::TokenExpired
        }
        "ServiceUnavailable"
        | "ServiceUnavailableException"
        | "InternalFailure"
        | "InternalServerError"
        | "InternalServerException"
        | "RequestTimeout"
        | "RequestTimeoutException" => Class::Transient,
        _ => match status {
            429 => Class::Throttled,
            500..=599 | 408 => Class::Transient,
            401 | 403 => Class::Denied,
            _ => Class::Other,
        },
    }
}

/// AWS says: "Signature expired: A is now earlier than B (C - 5 min.)", or "Signature not yet current".
fn says_the_clock(lower: &str) -> bool {
    ["signature expired", "signature not yet current"]
        .iter()
        .any(|words| lower.contains(words))
}

/// AWS says: "The log group X is of log-group-class INFREQUENT_ACCESS. FilterLogEvents is not
/// supported for this log class."
fn names_the_log_class(message: &str) -> bool {
    message.contains("log-group-class") || message.contains("log class")
}

/// The words of an error and of its causes, outermost first.
fn chain(error: &(dyn Error + 'static)) -> Vec<String> {
    std::iter::successors(Some(error), |error| (*error).source())
        .map(ToString::to_string)
        .collect()
}

/// The deepest cause that says anything; an operating-system error by its kind alone.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    let os = causes
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .last();
    match os {
        Some(os) if os.get_ref().is_none() => os.kind().to_string(),
        _ => chain(error)
            .into_iter()
            .rfind(|text| !text.is_empty())
            .unwrap_or_default(),
    }
}

/// One short line without anything a terminal would act on.
#[must_use]
pub fn plain(text: &str) -> String {
    const LONGEST: usize = 300;
    let mut line = String::new();
    for c in text.chars() {
        let hostile = c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        line.push(if hostile { ' ' } else { c });
        if line.len() >= LONGEST {
            line.push('…');
            break;
        }
    }
    line.trim().to_owned()
}
