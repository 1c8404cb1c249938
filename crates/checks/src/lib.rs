//! Estate and analyses to findings; two small files a check.
