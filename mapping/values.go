package mapping

// Values are the directions an administrator may write.
func (Direction) Values() []string { return []string{string(Push), string(Pull)} }

// Values are the kinds an administrator may write.
func (Kind) Values() []string {
	return []string{string(Text), string(Integer), string(Decimal), string(Money), string(DateKind), string(CreditCode), string(ID)}
}
