//! Sessions and their connections over the wire protocol, around an [`Exchange`](crate::Exchange).
