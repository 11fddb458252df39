//! A whole contact centre inside the page: the exchange compiled to WebAssembly.
