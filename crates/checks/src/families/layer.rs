//! Layers.

super::family!(layer_public);
