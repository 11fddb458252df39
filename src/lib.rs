//! The Jackfield SDK: voice, chat, presence and routing in one session.
