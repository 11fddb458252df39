//! Every frame, id and error code that crosses Jackfield's socket; nothing else.
