"""Tests of other people's callbacks: which attacks do they let in?"""
