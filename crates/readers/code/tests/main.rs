//! What functions of each language are seen to do.

mod check;
mod go;
mod java;
