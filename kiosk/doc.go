// Package kiosk holds the words of the field: what a posting, an employer, a
// resident, a match, a referral, a slip and a site are. It imports nothing of
// ours, so every other package can speak these words, and it does nothing by
// itself: no I/O, no clock, no randomness except where a caller hands it in.
//
// # Chinese terms
//
// The terms are explained here once; the code uses the English word.
//
//   - 就业之家 (employment home): a walk-in service point for people looking
//     for work. "5+2" counts its tiers: province, city, county, street or
//     town, community or village, plus development zones and colleges. See
//     [Tier].
//   - 岗位 (posting): one advertised position with its headcount. See [Posting].
//   - 推荐单 (referral slip): the paper a resident takes to the employer.
//     See [Slip]; the fact behind it is a [Referral].
//   - 推荐码 (referral code): the ten characters printed on the slip. See [Code].
//   - 补打 (marked reprint): a second copy of a slip, always marked as such.
//   - 零工 (gig): work by the day or the hour. See [Gig].
//   - 公益性岗位 (public-welfare post): a post paid by the employment fund and
//     kept for people who find it hard to get work. See [Welfare].
//   - 政策性岗位 (policy post): a post that government fills or pays for by a
//     published notice, e.g. 三支一扶. See [Policy].
//   - 统一社会信用代码 (unified social credit code): the 18 characters that name
//     a legal person, GB 32100-2015. See [CheckCreditCode].
//   - 职业分类大典 (occupation classification): the national list of occupations,
//     2022 edition, codes a-bb-cc-dd. See [Occupation] and [Trade].
//   - 行政区划代码 (area code): GB/T 2260 six digits for a county, nine for a
//     town or street (GB/T 10114), twelve for a village. See [Area].
//   - 长期: on a resident ID card, valid without an end date.
//
// # Privacy
//
// Sex, ethnicity and address have no place in these types, so nothing built on
// them can match by them. A [Resident] holds a masked name and an age only.
package kiosk
