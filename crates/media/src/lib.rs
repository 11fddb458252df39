//! Jackfield's audio plane: the patch matrix and the WebRTC peers. Knows no agents or queues.
