// The opcodes of Python's pickle, protocols 0 to 5 (Lib/pickletools.py). PyTorch itself writes protocol 2; files made by
// hand, to do harm, like the text opcodes of protocol 0.
#pragma once

#include <cstdint>

namespace cairn::storage::pickle {

enum class Op : std::uint8_t {
  Mark = '(', Stop = '.', Pop = '0', PopMark = '1', Dup = '2',
  None = 'N', NewTrue = 0x88, NewFalse = 0x89,
  BinInt = 'J', BinInt1 = 'K', BinInt2 = 'M', Long1 = 0x8a, Long4 = 0x8b, BinFloat = 'G',
  BinString = 'T', ShortBinString = 'U', BinUnicode = 'X', ShortBinUnicode = 0x8c, BinUnicode8 = 0x8d,
  BinBytes = 'B', ShortBinBytes = 'C', BinBytes8 = 0x8e, ByteArray8 = 0x96,
  EmptyList = ']', Append = 'a', Appends = 'e', List = 'l',
  EmptyTuple = ')', Tuple = 't', Tuple1 = 0x85, Tuple2 = 0x86, Tuple3 = 0x87,
  EmptyDict = '}', Dict = 'd', SetItem = 's', SetItems = 'u',
  EmptySet = 0x8f, AddItems = 0x90, FrozenSet = 0x91,
  Global = 'c', StackGlobal = 0x93, Reduce = 'R', Build = 'b', NewObj = 0x81, NewObjEx = 0x92, BinPersId = 'Q',
  BinGet = 'h', LongBinGet = 'j', BinPut = 'q', LongBinPut = 'r', Memoize = 0x94,
  Proto = 0x80, Frame = 0x95,
  // Protocol 0: what follows is a line of text.
  TextInt = 'I', TextLong = 'L', TextFloat = 'F', TextString = 'S', TextUnicode = 'V', TextPersId = 'P',
  TextGet = 'g', TextPut = 'p', Inst = 'i', Obj = 'o',
};

}  // namespace cairn::storage::pickle
