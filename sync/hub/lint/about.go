package lint

// about says what each rule is about and what it stands on; a test sees to it
// that every rule has its line.
var about = map[Rule]struct{ zh, en, law string }{
	Sex: {
		"限定性别或性别优先", "limits or prefers a sex",
		"《就业促进法》第二十七条；《妇女权益保障法》第四十三条；人社部发〔2019〕17号",
	},
	Family: {
		"涉及婚姻、生育", "asks about marriage, pregnancy or children",
		"《妇女权益保障法》第四十三条；《就业促进法》第二十七条；人社部发〔2019〕17号",
	},
	Ethnicity:  {"限制民族", "limits ethnicity", "《就业促进法》第二十八条；《劳动法》第十二条"},
	Religion:   {"限制宗教信仰", "limits religion", "《就业促进法》第三条；《劳动法》第十二条"},
	Household:  {"限制户籍或地域", "limits household registration or origin", "《人力资源市场暂行条例》（国务院令第700号）；《就业促进法》第三十一条"},
	Disability: {"排斥残疾人", "excludes people with disabilities", "《就业促进法》第二十九条；《残疾人保障法》第三十八条"},
	Hepatitis:  {"涉及乙肝检查或限制", "asks for a test for hepatitis B, or excludes carriers", "《就业促进法》第三十条；人社部发〔2010〕12号"},
	Fee:        {"向求职者收费、收押金", "asks job seekers for fees or a deposit", "《劳动合同法》第九条；《就业服务与就业管理规定》第十四条"},
	Papers:     {"扣押证件", "keeps identity cards or other papers", "《劳动合同法》第九条；《居民身份证法》第十五条"},

	SexWord:       {"称呼带性别，可能被看作限定性别", "a word that names a sex may be read as a limit", "《就业促进法》第二十七条"},
	Mothers:       {"只对母亲说话，改为写明上班时间更好", "speaks to mothers only; better name the hours", "《就业促进法》第二十七条"},
	Couples:       {"要求夫妻，可能涉及婚姻状况", "asks for couples, which may be a limit by marriage", "《就业促进法》第三条"},
	Age:           {"限制年龄，请核对是否必要", "limits age; check whether that is needed", "《就业促进法》第三条"},
	SchoolRank:    {"限制学校层次或学习形式", "limits the rank of a school or how it was attended", "中共中央、国务院《深化新时代教育评价改革总体方案》"},
	Looks:         {"对相貌、身高等有要求", "asks for looks or height", "《就业促进法》第三条"},
	WageHeld:      {"压工资", "holds wages back", "《劳动法》第五十条；《工资支付暂行规定》"},
	ContactInText: {"正文里有电话或微信，应写在联系方式里", "a telephone number or account in the text; it belongs with the contact", ""},
	Bait:          {"名称里有招徕的话", "bait in the title", ""},

	MissingValidity: {"没写有效期", "no validity", "《网络招聘服务管理规定》（人社部令第44号）"},
	MissingEmployer: {"没写用人单位", "no employer", "《人力资源市场暂行条例》（国务院令第700号）"},
	MissingPlace:    {"没写工作地点", "no place of work", "《人力资源市场暂行条例》（国务院令第700号）"},
	MissingDuties:   {"没写工作内容", "no duties", "《人力资源市场暂行条例》（国务院令第700号）"},
	MissingPay:      {"没写劳动报酬", "no pay", "《人力资源市场暂行条例》（国务院令第700号）"},
	MissingLicence:  {"是人力资源服务机构，没写许可证", "an agency without its licence", "《人力资源市场暂行条例》（国务院令第700号）第十八条"},
}
