//! Reading a client's offer: which lines are what, and whether it can be used at all.
//!
//! The WebRTC stack checks much of this too, but late, after parts of the session have changed, and in words for its
//! own authors.

use super::error::{MAX_SDP, OfferError};
use crate::SLOTS;

/// What identifies a session of a client: a page that is reloaded has a new one, an ICE restart keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SessionKey {
    id: String,
    fingerprint: String,
}

/// A checked offer.
#[derive(Debug)]
pub(super) struct Offer {
    /// The text for the WebRTC stack.
    pub(super) sdp: String,
    pub(super) session: SessionKey,
    /// All mids in order.
    pub(super) mids: Vec<String>,
    /// Mids of the lines on which the client receives only.
    pub(super) slots: Vec<String>,
}

impl Offer {
    pub(super) fn parse(text: &str) -> Result<Self, OfferError> {
        if text.len() > MAX_SDP {
            return Err(OfferError::TooLong(text.len()));
        }
        let (session, media) = sections(text)?;
        let checked: Vec<Line> =
            media.iter().map(|section| Line::parse(section, &session)).collect::<Result<_, _>>()?;
        check_mids(&checked, &session)?;
        let slots: Vec<String> = of_direction(&checked, &["recvonly"]).collect();
        if slots.len() > SLOTS {
            return Err(OfferError::TooManySlots(slots.len()));
        }
        if of_direction(&checked, &["sendonly", "sendrecv"]).count() > 1 {
            return Err(OfferError::TwoUps);
        }
        let key = SessionKey { id: session.id()?, fingerprint: fingerprint(&session, &media)? };
        let mids = checked.into_iter().map(|line| line.mid).collect();
        Ok(Self { sdp: without_candidates(text), session: key, mids, slots })
    }

    /// A later offer of the same session must keep the lines it has; new ones come last (RFC 8829, 5.2.2).
    pub(super) fn check_order(&self, was: &[String]) -> Result<(), OfferError> {
        if self.mids.starts_with(was) { Ok(()) } else { Err(OfferError::Reordered { was: was.to_vec() }) }
    }
}

/// The session part or one `m=` part of a description.
struct Section<'a> {
    /// Number of the `m=` line, from 1; 0 is the session part.
    number: usize,
    lines: Vec<&'a str>,
}

impl<'a> Section<'a> {
    /// Values of an attribute: what follows `a=name:`, or an empty text for `a=name`.
    fn attributes<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'a str> + 's {
        self.lines.iter().filter_map(move |line| {
            let rest = line.strip_prefix("a=")?.strip_prefix(name)?;
            if rest.is_empty() { Some(rest) } else { rest.strip_prefix(':') }
        })
    }

    fn has(&self, name: &str) -> bool {
        self.attributes(name).next().is_some()
    }

    fn direction(&self) -> Option<&'static str> {
        ["sendrecv", "sendonly", "recvonly", "inactive"].into_iter().find(|name| self.has(name))
    }

    /// Session id of the `o=` line: chosen once for each `RTCPeerConnection` (RFC 8829, 5.2.1).
    fn id(&self) -> Result<String, OfferError> {
        let origin = self.lines.iter().find_map(|line| line.strip_prefix("o="));
        let id = origin.and_then(|origin| origin.split_whitespace().nth(1));
        let id = id.filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()));
        id.map(str::to_owned).ok_or_else(|| OfferError::NotSdp("no session id in o=".to_owned()))
    }
}

fn sections(text: &str) -> Result<(Section<'_>, Vec<Section<'_>>), OfferError> {
    let mut all = vec![Section { number: 0, lines: Vec::new() }];
    for line in text.lines().map(str::trim_end) {
        if line.starts_with("m=") {
            all.push(Section { number: all.len(), lines: Vec::new() });
        }
        if let Some(section) = all.last_mut() {
            section.lines.push(line);
        }
    }
    let media = all.split_off(1);
    let session = all.pop().filter(|session| session.lines.first() == Some(&"v=0"));
    let session = session.ok_or_else(|| OfferError::NotSdp("it does not begin with v=0".to_owned()))?;
    if media.is_empty() { Err(OfferError::NoMedia) } else { Ok((session, media)) }
}

/// One audio line.
struct Line {
    mid: String,
    direction: &'static str,
}

impl Line {
    fn parse(section: &Section<'_>, session: &Section<'_>) -> Result<Self, OfferError> {
        let line = section.number;
        let missing = |attribute| OfferError::Missing { line, attribute };
        if !is_audio(section) {
            return Err(OfferError::NotAudio { line });
        }
        if section.has("crypto") {
            return Err(OfferError::Crypto { line });
        }
        for attribute in ["ice-ufrag", "ice-pwd"] {
            if !section.has(attribute) && !session.has(attribute) {
                return Err(missing(attribute));
            }
        }
        if !section.has("rtcp-mux") {
            return Err(missing("rtcp-mux"));
        }
        if !section.attributes("rtpmap").any(is_opus) {
            return Err(OfferError::NoOpus { line });
        }
        let mid = section.attributes("mid").next().ok_or_else(|| missing("mid"))?.to_owned();
        let direction = section.direction().or_else(|| session.direction()).unwrap_or("sendrecv");
        Ok(Self { mid, direction })
    }
}

fn is_audio(section: &Section<'_>) -> bool {
    let mut words = section.lines.first().map(|line| line.split_whitespace()).into_iter().flatten();
    words.next() == Some("m=audio") && words.next().is_some() && words.next() == Some("UDP/TLS/RTP/SAVPF")
}

fn is_opus(rtpmap: &str) -> bool {
    rtpmap.split_whitespace().nth(1).is_some_and(|codec| codec.eq_ignore_ascii_case("opus/48000/2"))
}

fn of_direction<'a>(lines: &'a [Line], directions: &'a [&str]) -> impl Iterator<Item = String> + 'a {
    lines.iter().filter(|line| directions.contains(&line.direction)).map(|line| line.mid.clone())
}

fn check_mids(lines: &[Line], session: &Section<'_>) -> Result<(), OfferError> {
    let bundle = session.attributes("group").find_map(|group| group.strip_prefix("BUNDLE"));
    let bundle: Vec<&str> = bundle.unwrap_or_default().split_whitespace().collect();
    for (at, Line { mid, .. }) in lines.iter().enumerate() {
        // The stack keeps 16 bytes of a mid and turns other characters into `_`: two mids could become one.
        let odd = mid.is_empty() || mid.len() > 16 || !mid.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if odd || lines[..at].iter().any(|other| other.mid == *mid) {
            return Err(OfferError::BadMid(mid.chars().take(32).collect()));
        }
        if !bundle.contains(&mid.as_str()) {
            return Err(OfferError::NotBundled(mid.clone()));
        }
    }
    Ok(())
}

fn fingerprint(session: &Section<'_>, media: &[Section<'_>]) -> Result<String, OfferError> {
    let all = media.iter().chain([session]).flat_map(|section| section.attributes("fingerprint"));
    let sha256 = all
        .filter_map(|value| value.trim().split_once(' '))
        .find(|(hash, _)| hash.eq_ignore_ascii_case("sha-256"));
    sha256.map(|(_, value)| value.trim().to_ascii_uppercase()).ok_or(OfferError::NoFingerprint)
}

/// The client's candidates are of no use to an ICE-lite end, which only answers checks (RFC 8445, 2.5), and its
/// addresses are personal data: they go no further.
fn without_candidates(text: &str) -> String {
    let kept = text.lines().map(str::trim_end).filter(|line| {
        !line.is_empty() && !line.starts_with("a=candidate:") && !line.starts_with("a=end-of-candidates")
    });
    kept.flat_map(|line| [line, "\r\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An offer as a client makes it, one line of media for each direction.
    fn offer(directions: &[&str]) -> String {
        let mids: Vec<String> = (0..directions.len()).map(|mid| mid.to_string()).collect();
        let head = format!(
            "v=0\r\no=- 42 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {}\r\n\
             a=fingerprint:sha-256 ab:CD\r\na=ice-ufrag:user\r\na=ice-pwd:password-of-22-letters\r\n",
            mids.join(" ")
        );
        let media = mids.iter().zip(directions).map(|(mid, direction)| {
            format!(
                "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=candidate:1 1 udp 1 192.0.2.9 5 typ host\r\n\
                 a=mid:{mid}\r\na={direction}\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
            )
        });
        std::iter::once(head).chain(media).collect()
    }

    const WARM: [&str; 5] = ["sendonly", "recvonly", "recvonly", "recvonly", "recvonly"];

    #[test]
    fn a_warm_session_is_one_line_up_and_four_slots_in_order() {
        let offer = Offer::parse(&offer(&WARM)).unwrap();
        assert_eq!(offer.mids, ["0", "1", "2", "3", "4"]);
        assert_eq!(offer.slots, ["1", "2", "3", "4"]);
        assert_eq!(offer.session, SessionKey { id: "42".to_owned(), fingerprint: "AB:CD".to_owned() });
        assert!(!offer.sdp.contains("candidate"), "the client's addresses stay out");
        assert!(offer.sdp.contains("a=mid:4\r\n"));
    }

    #[test]
    fn each_defect_has_its_own_error() {
        let good = offer(&WARM);
        let cases = [
            (String::new(), "offer: not a session description: it does not begin with v=0"),
            ("v=0\r\n".to_owned(), "offer: no m= line"),
            ("v=0\r\n".repeat(MAX_SDP), "bytes are more than 65536"),
            (good.replacen("m=audio", "m=video", 1), "m= line 1 is not audio"),
            (
                good.replacen("UDP/TLS/RTP/SAVPF", "RTP/AVP", 2),
                "m= line 1 is not audio over UDP/TLS/RTP/SAVPF",
            ),
            (good.replace("a=rtcp-mux\r\n", ""), "m= line 1 has no a=rtcp-mux"),
            (good.replace("a=ice-pwd:password-of-22-letters\r\n", ""), "has no a=ice-pwd"),
            (good.replace("a=mid:3\r\n", ""), "m= line 4 has no a=mid"),
            (good.replace("a=mid:3", "a=mid:2"), "a=mid:2 is used twice"),
            (good.replace("a=mid:3", "a=mid:3-"), "a=mid:3- is used twice or is not"),
            (good.replace("BUNDLE 0 1 2 3", "BUNDLE 0 1 2"), "a=mid:3 is not in a=group:BUNDLE"),
            (good.replace("a=mid:2", "a=crypto:1 x\r\na=mid:2"), "m= line 3 carries keys in a=crypto"),
            (good.replace("sha-256", "sha-1"), "no a=fingerprint:sha-256"),
            (good.replace("opus/48000/2", "PCMU/8000"), "m= line 1 has no opus/48000/2"),
            (good.replace("o=- 42 2", "o=-"), "not a session description: no session id in o="),
            (offer(&["sendonly", "sendrecv"]), "more than one line sends"),
            (offer(&["recvonly"; 5]), "5 recvonly lines are more than 4"),
        ];
        for (sdp, expected) in cases {
            let error = super::super::MediaError::from(Offer::parse(&sdp).unwrap_err()).to_string();
            assert!(error.contains(expected), "{error:?} should contain {expected:?}");
        }
    }

    #[test]
    fn later_offers_may_add_lines_but_not_move_them() {
        let was = Offer::parse(&offer(&["sendonly", "recvonly"])).unwrap().mids;
        assert!(Offer::parse(&offer(&WARM)).unwrap().check_order(&was).is_ok());
        let fewer = Offer::parse(&offer(&["sendonly"])).unwrap();
        assert_eq!(fewer.check_order(&was), Err(OfferError::Reordered { was }));
    }

    #[test]
    fn any_cut_of_an_offer_is_refused_or_read_but_never_panics() {
        let good = offer(&WARM);
        let read = (0..good.len()).filter(|at| Offer::parse(&good[..*at]).is_ok()).count();
        assert!(read < good.len() / 10, "most cuts lose something that is needed");
    }
}
