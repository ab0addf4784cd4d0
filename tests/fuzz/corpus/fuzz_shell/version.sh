#!/bin/bash
cd /root/autodl-tmp
python1 -V
python310 -V
pip9 list
