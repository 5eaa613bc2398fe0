// Package pn532 drives one NXP PN532 contactless reader on a serial line (HSU,
// 115200 8N1) or an I²C bus (address 0x24), after NXP UM0701-02 "PN532 User
// Manual" and the PN532/C1 data sheet. It sees ISO 14443 type A badges: staff
// and campus cards. It cannot see a resident ID card, which is type B.
//
// # A number is not a person
//
// A badge's UID is a serial number that anybody can read and many devices can
// imitate. It has no name in it and proves nothing; at most it says "the badge
// that was enrolled here, or a copy". Whoever unlocks something with it asks
// for a PIN as well, and stores a keyed hash, never the UID. A phone, and some
// cards, invent a new UID every time (ISO 14443-3: four bytes, the first 08);
// such a badge is marked Random and can never be known again.
//
// A UID exists only while the event is handed over and is overwritten
// afterwards, in the driver's buffers too. To know a badge lying on the reader
// again, the driver keeps a keyed hash of it until it is gone. No error
// contains anything of a badge.
package pn532
