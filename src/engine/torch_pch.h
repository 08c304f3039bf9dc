// The one precompiled header that brings LibTorch in. ATen/core/ivalue.h comes first: clang 14 needs
// it so to take LibTorch 1.13 in C++20.
#pragma once
#include <ATen/core/ivalue.h>
#include <torch/torch.h>
