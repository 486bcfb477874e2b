pub(crate) mod operator;
