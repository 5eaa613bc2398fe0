// Package skills tells what people must be able to do in an occupation of
// 职业分类大典 2022, in the words in which they would say it of themselves:
// 平车, 二保焊, 看图纸, 开叉车. Occupations that share skills are near to each
// other whatever their codes.
//
// The table skills.tsv is our own judgement from what postings ask for; it is
// no part of the classification, and has not yet been reviewed by people of the
// trades. Its header says how to add to it.
package skills
